#include "experiments/data/photograph.hpp"

#include "core/errors.hpp"
#include "experiments/data/opencv/module.hpp"
#include "experiments/data/opencv_module.hpp"

namespace saccade::experiments {

Photograph read_photograph(const std::filesystem::path& path, std::size_t longest_side) {
  if (longest_side == 0) throw ArgumentError("read_photograph: longest_side must be at least 1, got 0");
  static auto* const read = opencv_function<opencv::ReadPhotograph>(opencv::read_photograph_name);
  Photograph photograph;
  read(path, longest_side, photograph);
  return photograph;
}

}  // namespace saccade::experiments
