#include <benchmark/benchmark.h>

#include "core/tensor/blas_kernel.hpp"
#include "core/tensor/gemm.hpp"
#include "experiments/build_info.hpp"

int main(int argc, char** argv) {
  saccade::restart_with_best_blas_kernel(argv);
  benchmark::AddCustomContext("blas_kernel", saccade::blas_info().kernel);
  benchmark::AddCustomContext("blas", saccade::blas_info().config);
  benchmark::AddCustomContext("cpu", saccade::experiments::machine_info().cpu);
  const saccade::experiments::BuildInfo& build = saccade::experiments::build_info();
  benchmark::AddCustomContext("commit", build.commit + (build.dirty ? "+" : ""));
  benchmark::AddCustomContext("compiler", build.compiler);
  benchmark::AddCustomContext("flags", build.flags);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
