#pragma once

#include <string>
#include <vector>

/// Where a policy looks over many episodes, glimpse by glimpse.
namespace saccade::experiments {

/// A place of a glimpse, (x, y) in [-1, 1].
struct Place {
  double x = 0;
  double y = 0;
};

struct HeatMaps {
  std::string title;
  std::size_t width = 0;                  ///< of the image, pixels
  std::size_t height = 0;                 ///< of the image, pixels
  std::vector<std::vector<Place>> steps;  ///< the places of each glimpse
};

/// How many places fall into each cell of a grid over [-1, 1] x [-1, 1], row by row from the top; places on the right
/// and lower edges belong to the last cells.
[[nodiscard]] std::vector<std::size_t> count_places(const std::vector<Place>& places, std::size_t columns,
                                                    std::size_t rows);

/// One panel a glimpse in order: the darker a cell, the more episodes have the glimpse there, by the square root, so
/// that rare places show. Each panel has its own measure, the share of episodes in its fullest cell. PNG file contents.
/// @throws ArgumentError  for no step or an image without pixels
[[nodiscard]] std::string draw_heat_maps(const HeatMaps& maps, std::size_t pixel_ratio = 2);

}  // namespace saccade::experiments
