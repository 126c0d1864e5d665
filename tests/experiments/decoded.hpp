#pragma once

#include <cairo.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "experiments/canvas.hpp"
#include "tests/support/catch.hpp"

namespace saccade::tests {

/// A picture read back from the contents of a PNG file.
class Decoded {
 public:
  explicit Decoded(std::string_view png) : surface_{decode(png), cairo_surface_destroy} {
    REQUIRE(cairo_surface_status(surface_.get()) == CAIRO_STATUS_SUCCESS);
  }

  [[nodiscard]] int width() const { return cairo_image_surface_get_width(surface_.get()); }
  [[nodiscard]] int height() const { return cairo_image_surface_get_height(surface_.get()); }

  [[nodiscard]] std::uint32_t pixel(int x, int y) const {
    const unsigned char* row = cairo_image_surface_get_data(surface_.get()) +
                               static_cast<std::ptrdiff_t>(y) * cairo_image_surface_get_stride(surface_.get());
    std::uint32_t value = 0;
    std::memcpy(&value, row + static_cast<std::ptrdiff_t>(x) * 4, sizeof(value));
    return value;
  }

  [[nodiscard]] bool has_colour(int x, int y, const experiments::Colour& colour) const {
    for (std::size_t i = 0; i < colour.size(); ++i) {
      const auto shade = static_cast<int>(pixel(x, y) >> (16 - 8 * i) & 0xffU);
      if (std::abs(shade - static_cast<int>(std::lround(255 * colour[i]))) > 1) return false;
    }
    return true;
  }

 private:
  static cairo_surface_t* decode(std::string_view png) {
    const auto read = [](void* rest, unsigned char* into, unsigned int length) {
      auto& left = *static_cast<std::string_view*>(rest);
      if (left.size() < length) return CAIRO_STATUS_READ_ERROR;
      std::memcpy(into, left.data(), length);
      left.remove_prefix(length);
      return CAIRO_STATUS_SUCCESS;
    };
    return cairo_image_surface_create_from_png_stream(read, &png);
  }

  std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface_;
};

}  // namespace saccade::tests
