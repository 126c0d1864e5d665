#include "envs/captions/digit_layout.hpp"

namespace saccade::envs::captions {
namespace {

std::size_t below(random::Stream& stream, std::size_t n) { return stream.below(static_cast<std::uint32_t>(n)); }

}  // namespace

std::size_t DigitLayout::digit_side(bool large) const {
  const std::size_t most = cell_ * 8 / 9;
  return large ? most : most * 5 / 8;
}

DigitScene DigitLayout::draw(std::size_t count, const ImageSet& sources, random::Stream& stream) const {
  DigitScene scene;
  for (std::size_t cell = 0; scene.digits().size() < count; ++cell) {
    const std::size_t missing = count - scene.digits().size();
    if (below(stream, digit_cells - cell) < missing) scene.add(place(cell, sources, stream));
  }
  return scene;
}

PlacedDigit DigitLayout::place(std::size_t cell, const ImageSet& sources, random::Stream& stream) const {
  PlacedDigit digit;
  digit.cell = cell;
  digit.image = below(stream, sources.size());
  digit.label = sources.labels[digit.image];
  digit.large = below(stream, 2) == 1;
  digit.side = digit_side(digit.large);
  const std::size_t edge = side_ % digit_grid / 2;
  const std::size_t places = cell_ - digit.side;
  digit.top = edge + digit.row() * cell_ + below(stream, places);
  digit.left = edge + digit.column() * cell_ + below(stream, places);
  return digit;
}

rl::Box DigitLayout::box(const PlacedDigit& digit) const {
  const auto fraction = [&](std::size_t pixels) { return static_cast<double>(pixels) / static_cast<double>(side_); };
  return {fraction(digit.left), fraction(digit.top), fraction(digit.left + digit.side),
          fraction(digit.top + digit.side)};
}

}  // namespace saccade::envs::captions
