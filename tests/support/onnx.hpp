#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

/// A network in ONNX's protobuf form, small enough to be written here: one convolution of 1x1.
namespace saccade::tests {

inline std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7F) | 0x80);
  return bytes += static_cast<char>(value);
}

/// A field with a whole number.
inline std::string field(unsigned number, std::uint64_t value) { return varint(number << 3U) + varint(value); }

/// A field with a text or a message.
inline std::string field(unsigned number, const std::string& bytes) {
  return varint(number << 3U | 2U) + varint(bytes.size()) + bytes;
}

/// A float [dims...] as TensorProto: dims 1, data_type 2, name 8, raw_data 9.
inline std::string onnx_tensor(const std::string& name, std::span<const std::uint64_t> dims,
                               std::span<const float> values) {
  std::string tensor;
  for (const std::uint64_t size : dims) tensor += field(1, size);
  std::string raw(values.size_bytes(), '\0');
  std::memcpy(raw.data(), values.data(), raw.size());
  return tensor + field(2, 1) + field(8, name) + field(9, raw);
}

/// A float [dims...] as ValueInfoProto: name 1, type 2 (tensor_type 1: elem_type 1, shape 2: dim 1: dim_value 1).
inline std::string onnx_value(const std::string& name, std::span<const std::uint64_t> dims) {
  std::string shape;
  for (const std::uint64_t size : dims) shape += field(1, field(1, size));
  return field(1, name) + field(2, field(1, field(1, 1) + field(2, shape)));
}

/// image [1, 3, side, side] -> features [1, channels, side, side]: features_d = sum_c weights[d][c] image_c.
inline std::string onnx_of_1x1(std::span<const float> weights, std::uint64_t side) {
  const std::uint64_t channels = weights.size() / 3;
  const std::array<std::uint64_t, 4> kernel{channels, 3, 1, 1};
  const std::array<std::uint64_t, 4> in{1, 3, side, side};
  const std::array<std::uint64_t, 4> out{1, channels, side, side};
  const std::string attribute =
      field(1, "kernel_shape") + field(8, 1) + field(8, 1) + field(20, 7);  // ints 8, type 20: INTS
  const std::string node = field(1, "image") + field(1, "w") + field(2, "features") + field(3, "mix") +
                           field(4, "Conv") + field(5, attribute);
  const std::string graph = field(1, node) + field(2, "tiny") + field(5, onnx_tensor("w", kernel, weights)) +
                            field(11, onnx_value("image", in)) + field(12, onnx_value("features", out));
  return field(1, 6) + field(7, graph) + field(8, field(2, 10));  // ir_version, graph, opset_import
}

}  // namespace saccade::tests
