#include "core/tensor/packed_products.hpp"

#include <algorithm>
#include <array>
#include <xsimd/xsimd.hpp>

#include "core/tensor/kept_parameters.hpp"

namespace saccade {
namespace {

using Batch = xsimd::batch<Real>;

constexpr std::size_t lanes = Batch::size;
constexpr bool has_avx512 = lanes * sizeof(Real) == 64;
constexpr bool has_kernel = lanes * sizeof(Real) >= 32;
constexpr std::size_t sums_in_registers = has_avx512 ? 24 : 12;
constexpr std::size_t panel_vectors = has_avx512 ? 3 : 2;
constexpr std::size_t panel_width = panel_vectors * lanes;
constexpr std::size_t block_depth = 512;  // a panel of it fits into L2 several times
constexpr std::size_t block_rows = 128;
constexpr std::size_t least_rows = 4;

constexpr std::size_t rounded_up(std::size_t n, std::size_t step) { return (n + step - 1) / step * step; }

/// Rows of the left operand: the numbers of one, then the next at `stride`.
struct Left {
  const Real* at;
  std::size_t stride;
};

struct Target {
  Real* at;
  std::size_t stride;
  Real beta;
};

/// A tile of registers: each row of `a` times the first columns of a panel.
template <std::size_t rows, std::size_t vectors>
void multiply_tile(const Left& a, const Real* panel, std::size_t depth, const Target& c) {
  std::array<std::array<Batch, vectors>, rows> sums;
#pragma GCC unroll 24
  for (std::size_t r = 0; r < rows; ++r) {
#pragma GCC unroll 3
    for (std::size_t v = 0; v < vectors; ++v) sums[r][v] = Batch(Real{0});
  }
  for (std::size_t k = 0; k < depth; ++k) {
    std::array<Batch, vectors> b;
#pragma GCC unroll 3
    for (std::size_t v = 0; v < vectors; ++v) {
      const Real* at = panel + k * panel_width + v * lanes;
      b[v] = Batch::load_aligned(at);
      __builtin_prefetch(at + 12 * panel_width);  // the first tile of a panel reads it from afar
    }
#pragma GCC unroll 24
    for (std::size_t r = 0; r < rows; ++r) {
      const Batch x(a.at[r * a.stride + k]);
#pragma GCC unroll 3
      for (std::size_t v = 0; v < vectors; ++v) sums[r][v] = xsimd::fma(x, b[v], sums[r][v]);
    }
  }
#pragma GCC unroll 24
  for (std::size_t r = 0; r < rows; ++r) {
#pragma GCC unroll 3
    for (std::size_t v = 0; v < vectors; ++v) {
      Real* to = c.at + r * c.stride + v * lanes;
      Batch sum = sums[r][v];
      if (c.beta != 0) sum = xsimd::fma(Batch(c.beta), Batch::load_unaligned(to), sum);
      sum.store_unaligned(to);
    }
  }
}

/// As many tiles below one another as `count` rows take, then lower ones.
template <std::size_t vectors, std::size_t rows = sums_in_registers / vectors>
void multiply_rows(Left a, const Real* panel, std::size_t depth, Target c, std::size_t count) {
  for (; count >= rows; count -= rows) {
    multiply_tile<rows, vectors>(a, panel, depth, c);
    a.at += rows * a.stride;
    c.at += rows * c.stride;
  }
  if constexpr (rows > 1) {
    if (count > 0) multiply_rows<vectors, rows / 2>(a, panel, depth, c, count);
  }
}

void multiply_vectors(std::size_t vectors, const Left& a, const Real* panel, std::size_t depth, const Target& c,
                      std::size_t count) {
  static_assert(panel_vectors <= 3);
  if (vectors == 1) return multiply_rows<1>(a, panel, depth, c, count);
  if (vectors == 2) return multiply_rows<2>(a, panel, depth, c, count);
  if constexpr (panel_vectors == 3) multiply_rows<3>(a, panel, depth, c, count);
}

/// Columns that fill no vector, by way of a whole one.
void multiply_last_columns(const Left& a, const Real* panel, std::size_t depth, const Target& c, std::size_t rows,
                           std::size_t columns) {
  alignas(64) std::array<Real, block_rows * lanes> whole;
  multiply_vectors(1, a, panel, depth, {whole.data(), lanes, 0}, rows);
  for (std::size_t r = 0; r < rows; ++r) {
    Real* to = c.at + r * c.stride;
    for (std::size_t i = 0; i < columns; ++i) to[i] = whole[r * lanes + i] + (c.beta == 0 ? Real{0} : c.beta * to[i]);
  }
}

void multiply_panel(const Left& a, const Real* panel, std::size_t depth, const Target& c, std::size_t rows,
                    std::size_t columns) {
  const std::size_t vectors = columns / lanes;
  if (vectors > 0) multiply_vectors(vectors, a, panel, depth, c, rows);
  const std::size_t done = vectors * lanes;
  if (done == columns) return;
  multiply_last_columns(a, panel + done, depth, {c.at + done, c.stride, c.beta}, rows, columns - done);
}

/// to[c][r] = from[r][c] of a square whose numbers all fit into registers.
void transpose_square(const Real* from, std::size_t from_stride, Real* to, std::size_t to_stride) {
  constexpr std::size_t side = 4;
  std::array<std::array<Real, side>, side> square;
  for (std::size_t r = 0; r < side; ++r) std::copy_n(from + r * from_stride, side, square[r].data());
  for (std::size_t c = 0; c < side; ++c) {
    for (std::size_t r = 0; r < side; ++r) to[c * to_stride + r] = square[r][c];
  }
}

/// The same of any number of rows and columns, in tiles that stay in the cache however far rows lie apart.
void transpose(const Real* from, std::size_t from_stride, std::size_t rows, std::size_t columns, Real* to,
               std::size_t to_stride) {
  constexpr std::size_t side = 4;
  constexpr std::size_t tile = 64;
  const std::size_t whole_rows = rows / side * side;
  const std::size_t whole_columns = columns / side * side;
  for (std::size_t first = 0; first < whole_columns; first += tile) {
    for (std::size_t r = 0; r < whole_rows; r += side) {
      for (std::size_t c = first; c < std::min(first + tile, whole_columns); c += side) {
        transpose_square(from + r * from_stride + c, from_stride, to + c * to_stride + r, to_stride);
      }
    }
  }
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = r < whole_rows ? whole_columns : 0; c < columns; ++c) {
      to[c * to_stride + r] = from[r * from_stride + c];
    }
  }
}

/// The sizes of a product.
struct Form {
  std::size_t m, n, k;

  explicit Form(const GemmCall& call)
      : m{call.c.dim(0)}, n{call.c.dim(1)}, k{call.a.dim(call.transpose_a == Transpose::yes ? 0 : 1)} {}

  [[nodiscard]] std::size_t padded_n() const { return rounded_up(n, panel_width); }
  [[nodiscard]] std::size_t depth(std::size_t first) const { return std::min(block_depth, k - first); }
};

void copy_rows(const Real* from, std::size_t stride, std::size_t width, std::size_t count, Real* to) {
  for (std::size_t k = 0; k < count; ++k, from += stride, to += panel_width) {
    if (width == panel_width) {
      std::copy_n(from, panel_width, to);  // whose size the compiler knows
    } else {
      std::copy_n(from, width, to);
    }
  }
}

/// Rows first to first + depth of op(b), in panels.
void pack_block(const GemmCall& call, const Form& form, std::size_t first, Real* to) {
  const std::size_t depth = form.depth(first);
  for (std::size_t column = 0; column < form.n; column += panel_width, to += depth * panel_width) {
    const std::size_t width = std::min(panel_width, form.n - column);
    if (width < panel_width) std::fill_n(to, depth * panel_width, Real{0});
    if (call.transpose_b == Transpose::yes) {
      transpose(call.b.data() + column * form.k + first, form.k, width, depth, to, panel_width);
    } else {
      copy_rows(call.b.data() + first * form.n + column, form.n, width, depth, to);
    }
  }
}

void multiply_block(const GemmCall& call, const Form& form, std::size_t first, const Real* panels) {
  const std::size_t depth = form.depth(first);
  const Real beta = first == 0 ? call.beta : Real{1};
  for (std::size_t row = 0; row < form.m; row += block_rows) {
    const std::size_t rows = std::min(block_rows, form.m - row);
    const Left left{call.a.data() + row * form.k + first, form.k};
    const Real* panel = panels;
    for (std::size_t column = 0; column < form.n; column += panel_width, panel += depth * panel_width) {
      const Target c{call.c.data() + row * form.n + column, form.n, beta};
      multiply_panel(left, panel, depth, c, rows, std::min(panel_width, form.n - column));
    }
  }
}

class PackedProducts final : public Products {
 public:
  explicit PackedProducts(const TensorView& parameters) : parameters_{parameters} {}

  void begin() override { parameters_.begin(); }

  void multiply(const GemmCall& call) override {
    const Form form(call);
    if (!fits(call, form) || !parameters_.is_used_again(call.b, call.transpose_b)) return multiply_by_blas(call);
    const Real* panels = packed(call, form);
    for (std::size_t first = 0; first < form.k; first += block_depth) {
      multiply_block(call, form, first, panels + first * form.padded_n());
    }
  }

 private:
  [[nodiscard]] bool fits(const GemmCall& call, const Form& form) const {
    return parameters_.holds(call.b) && call.transpose_a == Transpose::no && form.m >= least_rows && form.n >= lanes &&
           form.k > 0;
  }

  const Real* packed(const GemmCall& call, const Form& form) {
    return parameters_.get(call.b, call.transpose_b, form.k * form.padded_n(), [&](Real* to) {
      for (std::size_t first = 0; first < form.k; first += block_depth) {
        pack_block(call, form, first, to + first * form.padded_n());
      }
    });
  }

  KeptParameters parameters_;
};

}  // namespace

std::optional<std::string> packed_kernel() {
  if (!has_kernel) return std::nullopt;
  return has_avx512 ? "AVX-512" : "AVX2";
}

std::unique_ptr<Products> make_packed_products(const TensorView& parameters) {
  if (!has_kernel) return nullptr;
  return std::make_unique<PackedProducts>(parameters);
}

}  // namespace saccade
