#include "core/tensor/one_dnn.hpp"

#include "core/errors.hpp"

#if defined(SACCADE_ONEDNN) && !defined(SACCADE_REAL_DOUBLE)

#include <fmt/format.h>

#include <oneapi/dnnl/dnnl_debug.h>
#include <array>
#include <deque>
#include <oneapi/dnnl/dnnl.hpp>

#include "core/tensor/bfloat16.hpp"
#include "core/tensor/kept_parameters.hpp"

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
extern "C" void omp_set_num_threads(int threads);
#endif

namespace saccade {
namespace {

using dnnl::memory;
using Type = memory::data_type;
using Tag = memory::format_tag;

void use_one_thread() {
#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
  thread_local const bool done = (omp_set_num_threads(1), true);
  static_cast<void>(done);
#endif
}

memory::desc plain(std::size_t rows, std::size_t columns, Type type, bool transposed) {
  return {{static_cast<memory::dim>(rows), static_cast<memory::dim>(columns)}, type, transposed ? Tag::ba : Tag::ab};
}

memory unallocated(const memory::desc& desc, const dnnl::engine& engine) { return {desc, engine, DNNL_MEMORY_NONE}; }

dnnl::primitive_attr lent_scratchpad() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

/// What tells kernels apart.
struct Form {
  std::size_t m, n, k;
  bool transpose_a, transpose_b;
  Real beta;

  bool operator==(const Form&) const = default;
};

Form form_of(const GemmCall& call) {
  const bool a = call.transpose_a == Transpose::yes;
  return {call.c.dim(0), call.c.dim(1), call.a.dim(a ? 0 : 1), a, call.transpose_b == Transpose::yes, call.beta};
}

/// The C interface, because that of C++ makes a hash table of the arguments.
template <std::size_t count>
void execute(const dnnl::primitive& primitive, const dnnl::stream& stream,
             const std::array<dnnl_exec_arg_t, count>& arguments) {
  dnnl::error::wrap_c_api(dnnl_primitive_execute(primitive.get(), stream.get(), count, arguments.data()),
                          "could not execute a primitive");
}

/// Lays the right operand out as a kernel wants it, in the kernel's type.
class Packing {
 public:
  Packing(const memory::desc& from, const memory::desc& to, const dnnl::engine& engine)
      : Packing(dnnl::reorder::primitive_desc(engine, from, engine, to, lent_scratchpad()), engine) {}

  void run(Real* from, const memory& to, const dnnl::stream& stream) {
    from_.set_data_handle(from);
    execute(reorder_, stream,
            std::array<dnnl_exec_arg_t, 3>{
                {{DNNL_ARG_FROM, from_.get()}, {DNNL_ARG_TO, to.get()}, {DNNL_ARG_SCRATCHPAD, scratchpad_.get()}}});
  }

 private:
  Packing(const dnnl::reorder::primitive_desc& desc, const dnnl::engine& engine)
      : reorder_{desc}, from_{unallocated(desc.src_desc(), engine)}, scratchpad_{desc.scratchpad_desc(), engine} {}

  dnnl::reorder reorder_;
  memory from_;
  memory scratchpad_;
};

dnnl::matmul::primitive_desc describe(const Form& form, Type type, const dnnl::engine& engine) {
  const auto n = static_cast<memory::dim>(form.n);
  const auto k = static_cast<memory::dim>(form.k);
  dnnl::primitive_attr attributes = lent_scratchpad();
  if (form.beta != 0) {
    dnnl::post_ops add;
    add.append_sum(form.beta);
    attributes.set_post_ops(add);
  }
  const dnnl::matmul::desc desc(plain(form.m, form.k, type, form.transpose_a), memory::desc({k, n}, type, Tag::any),
                                plain(form.m, form.n, Type::f32, false));
  return {desc, attributes, engine};
}

/// The products of one form.
class Kernel {
 public:
  Kernel(const Form& form, Type type, const dnnl::engine& engine)
      : Kernel(form, describe(form, type, engine), engine) {}

  [[nodiscard]] const Form& form() const { return form_; }
  [[nodiscard]] memory::desc right_desc() const { return right_.get_desc(); }
  [[nodiscard]] const memory& right() const { return right_; }

  void pack(Real* b, const memory& to, const dnnl::stream& stream) { packing_.run(b, to, stream); }

  void run(const GemmCall& call, const memory& right, const dnnl::stream& stream) {
    take_left(call.a);
    result_.set_data_handle(call.c.data());
    execute(matmul_, stream,
            std::array<dnnl_exec_arg_t, 4>{{{DNNL_ARG_SRC, left_.get()},
                                            {DNNL_ARG_WEIGHTS, right.get()},
                                            {DNNL_ARG_DST, result_.get()},
                                            {DNNL_ARG_SCRATCHPAD, scratchpad_.get()}}});
  }

 private:
  Kernel(const Form& form, const dnnl::matmul::primitive_desc& desc, const dnnl::engine& engine)
      : form_{form},
        rounds_{desc.src_desc().data_type() == Type::bf16},
        matmul_{desc},
        packing_{plain(form.k, form.n, Type::f32, form.transpose_b), desc.weights_desc(), engine},
        left_{rounds_ ? memory(desc.src_desc(), engine) : unallocated(desc.src_desc(), engine)},
        right_{desc.weights_desc(), engine},
        result_{unallocated(desc.dst_desc(), engine)},
        scratchpad_{desc.scratchpad_desc(), engine} {}

  void take_left(const TensorView& a) {
    if (rounds_) {
      to_bfloat16(a.span(), {static_cast<std::uint16_t*>(left_.get_data_handle()), a.size()});
    } else {
      left_.set_data_handle(a.data());
    }
  }

  Form form_;
  bool rounds_;
  dnnl::matmul matmul_;
  Packing packing_;
  memory left_;
  memory right_;
  memory result_;
  memory scratchpad_;
};

class OneDnnProducts final : public Products {
 public:
  OneDnnProducts(Type type, const TensorView& parameters) : type_{type}, parameters_{parameters} {}

  void begin() override {
    for (Packed& packed : packed_) packed.fresh = false;
  }

  void multiply(const GemmCall& call) override {
    const Form form = form_of(call);
    if (form.k == 0) return multiply_by_blas(call);
    use_one_thread();
    try {
      Kernel& kernel = kernel_for(form);
      kernel.run(call, packed_right(kernel, call.b), stream_);
      stream_.wait();
    } catch (const dnnl::error& error) {
      throw ArgumentError(fmt::format("oneDNN: {} for a product of [{}, {}] and [{}, {}] on this CPU", error.what(),
                                      form.m, form.k, form.k, form.n));
    }
  }

 private:
  /// A parameter as a kernel wants it, as of this step if fresh.
  struct Packed {
    const Real* from;
    bool transposed;
    memory numbers;
    bool fresh;
  };

  Kernel& kernel_for(const Form& form) {
    for (Kernel& kernel : kernels_) {
      if (kernel.form() == form) return kernel;
    }
    return kernels_.emplace_back(form, type_, engine_);
  }

  const memory& packed_right(Kernel& kernel, const TensorView& b) {
    if (!lies_within(b, parameters_)) {
      kernel.pack(b.data(), kernel.right(), stream_);
      return kernel.right();
    }
    Packed& packed = packed_for(kernel, b);
    if (!packed.fresh) kernel.pack(b.data(), packed.numbers, stream_);
    packed.fresh = true;
    return packed.numbers;
  }

  Packed& packed_for(const Kernel& kernel, const TensorView& b) {
    for (Packed& packed : packed_) {
      if (packed.from == b.data() && packed.transposed == kernel.form().transpose_b &&
          packed.numbers.get_desc() == kernel.right_desc()) {
        return packed;
      }
    }
    packed_.push_back({b.data(), kernel.form().transpose_b, memory(kernel.right_desc(), engine_), false});
    return packed_.back();
  }

  Type type_;
  TensorView parameters_;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  std::deque<Kernel> kernels_;
  std::deque<Packed> packed_;
};

}  // namespace

std::optional<std::string> one_dnn_version() {
  const dnnl::version_t* version = dnnl::version();
  const auto isa = static_cast<dnnl_cpu_isa_t>(dnnl::get_effective_cpu_isa());
  std::string_view instructions = dnnl_cpu_isa2str(isa);
  if (instructions.starts_with("cpu_isa_")) instructions.remove_prefix(std::string_view("cpu_isa_").size());
  return fmt::format("{}.{}.{} ({})", version->major, version->minor, version->patch, instructions);
}

std::unique_ptr<Products> make_one_dnn_products(OneDnnOperands operands, const TensorView& parameters) {
  return std::make_unique<OneDnnProducts>(operands == OneDnnOperands::float32 ? Type::f32 : Type::bf16, parameters);
}

}  // namespace saccade

#else

namespace saccade {

std::optional<std::string> one_dnn_version() { return std::nullopt; }

std::unique_ptr<Products> make_one_dnn_products(OneDnnOperands, const TensorView&) {
  throw ArgumentError("make_one_dnn_products: this build has no oneDNN");
}

}  // namespace saccade

#endif
