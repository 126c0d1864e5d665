#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/file.hpp"
#include "core/io/folder_lock.hpp"
#include "core/io/mapped_file.hpp"
#include "core/io/sha256.hpp"
#include "core/tensor/real.hpp"
#include "core/tensor/shape.hpp"

/// Annotations: what a convolutional network makes of each photograph, an array [H, W, D] of D numbers at each of L = H
/// W places (a_i of Xu et al. 2015, i = y W + x). They are computed once and kept in a file NAME.annotations, from
/// which training reads them; no photograph is needed then.
///
/// The file is a safetensors file, which Python reads too, with the arrays
///
///     annotations   F16 [N, H, W, D]   a row for each image (float16: three decimal digits, magnitudes up to 65,504)
///     sha256        U8  [2, 64]        digests in hexadecimal: of all bytes before the annotations, of the annotations
///
/// and the metadata format, images (their names in the order of the rows, a line each) and all of AnnotationSource.
namespace saccade::envs::captions {

/// How annotations were made.
struct AnnotationSource {
  std::string encoder;         ///< the network's file, without folders
  std::string encoder_sha256;  ///< of that file
  std::string layer;           ///< whose output the annotations are
  std::size_t input_size = 0;  ///< width and height in pixels that photographs are resized to
  std::string pixels;          ///< what is made of a pixel: "RGB, 0.00784 (x - 127.5)"
  std::string library;         ///< what computed them: "OpenCV 4.6.0"

  friend bool operator==(const AnnotationSource&, const AnnotationSource&) = default;
};

/// Annotations on disk, looked at through memory: opening reads no annotation, and the operating system keeps in memory
/// what is read often. Any number of threads may read at once.
class Annotations {
 public:
  /// Checks the size, the header and the header's digest; contents are checked by verify().
  /// @throws IoError  naming the file and the byte, array or metadata key: missing, no annotations, truncated,
  ///                  with bytes too many, a header that was changed, an image that is there twice
  [[nodiscard]] static Annotations open(const std::filesystem::path& path);

  [[nodiscard]] std::size_t size() const { return names_.size(); }  ///< images
  [[nodiscard]] const Shape& shape() const { return shape_; }       ///< [H, W, D]
  [[nodiscard]] const AnnotationSource& source() const { return source_; }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }  ///< in the order of the rows
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// SHA-256 of what is read of it: the images' names and the digest that the file states for its rows.
  [[nodiscard]] std::string digest() const;

  [[nodiscard]] bool contains(std::string_view name) const { return index_.contains(name); }
  /// @throws IoError  naming the file, if the image is not in it
  [[nodiscard]] std::size_t row_of(std::string_view name) const;

  /// Writes the annotations of an image, row-major, to where they are wanted. Allocates nothing.
  /// @throws ArgumentError  unless row < size() and there is room for just shape().size() numbers
  void read(std::size_t row, std::span<Real> into) const;

  /// Reads all annotations and compares their digest. @throws IoError  naming the file, if it is another
  void verify() const;

 private:
  explicit Annotations(const std::filesystem::path& path);

  std::filesystem::path path_;
  io::MappedFile file_;
  Shape shape_;
  AnnotationSource source_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::span<const std::byte> rows_;
  std::string digest_;
};

/// Writes a file of annotations row by row. The rows come into NAME.annotations.part/, a folder that is gone on with if
/// it is there, whatever ended the writer before; finish() gives the whole file its name at once.
class AnnotationWriter {
 public:
  /// @param target  the file to be; its folder must exist
  /// @param names   of the images, in the order in which their rows will be written
  /// @param shape   [H, W, D], none of them 0
  /// @throws ArgumentError  no images, an image twice, a name with the end of a line in it; a shape that is none
  /// @throws IoError  the target is there already; another process writes to it; what is there of it was made of other
  ///                  images or in another way; the disk
  AnnotationWriter(std::filesystem::path target, const std::vector<std::string>& names, const Shape& shape,
                   const AnnotationSource& source);

  /// Rows that are written, by this or an earlier writer: the number of the next one.
  [[nodiscard]] std::size_t rows() const { return rows_; }

  /// Rounds the next row to float16 and writes it.
  /// @throws ArgumentError   all rows are there; the wrong number of numbers
  /// @throws NonFiniteError  naming image and place: a number that is none or too large
  /// @throws IoError         the disk is full
  void write(std::span<const float> annotations);

  /// @throws ArgumentError  if rows are missing
  void finish();

 private:
  void go_on();
  void begin_anew();
  [[nodiscard]] std::size_t rows_in(std::span<const std::byte> part) const;

  std::filesystem::path target_;
  std::vector<std::string> names_;
  std::string head_;
  std::filesystem::path folder_;
  std::filesystem::path part_;
  io::FolderLock lock_;
  io::OutputFile file_;
  io::Sha256 digest_;
  std::size_t rows_ = 0;
  std::vector<std::uint16_t> row_;
};

}  // namespace saccade::envs::captions
