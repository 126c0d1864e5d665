#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor/precision.hpp"
#include "core/tensor/tensor.hpp"

namespace saccade {

/// Names one parameter of a ParameterStore.
struct Parameter {
  std::size_t index = 0;
};

/// All trainable numbers of an agent, by name, in one flat array: an optimiser, a reduction over shards and a
/// checkpoint each walk over it once. Every parameter starts on a 64-byte boundary; the padding between them stays
/// zero.
class ParameterStore {
 public:
  /// Adds a parameter of zeros. Views taken before are invalid afterwards: build the whole agent first.
  /// @param name  dotted path, such as "core.recurrent.weight"
  /// @throws ArgumentError  if the name is taken
  Parameter add(std::string name, const Shape& shape);

  /// Number of parameters (arrays).
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// Number of trainable numbers, without padding.
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] const std::string& name(Parameter parameter) const { return entries_[parameter.index].name; }
  [[nodiscard]] const Shape& shape(Parameter parameter) const { return entries_[parameter.index].shape; }
  [[nodiscard]] TensorView value(Parameter parameter) const { return slice(values(), parameter); }
  /// @throws ArgumentError  if there is none of that name
  [[nodiscard]] Parameter find(std::string_view name) const;

  /// Every parameter in one row, padding included; the view of a const store is as writable as any.
  [[nodiscard]] TensorView values() const;
  /// The part of a flat array (values, gradients, optimiser state) that belongs to one parameter, in its shape.
  [[nodiscard]] TensorView slice(const TensorView& all, Parameter parameter) const;

  /// The precision of matrix products on the tapes that are made from here on. The parameters stay Real.
  void set_precision(Precision precision) { precision_ = precision; }
  [[nodiscard]] Precision precision() const { return precision_; }

 private:
  struct Entry {
    std::string name;
    Shape shape;
    std::size_t offset;
  };
  std::vector<Entry> entries_;
  mutable Tensor values_ = zeros({0});
  Precision precision_ = Precision::float32;
};

}  // namespace saccade
