#include "experiments/commands/stop.hpp"

#include <csignal>

namespace saccade::commands {
namespace {

volatile std::sig_atomic_t asked = 0;

extern "C" void ask_to_stop(int number) {
  asked = number;
  std::signal(number, SIG_DFL);
}

}  // namespace

void listen_for_stop() {
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
}

int stop_signal() { return asked; }

}  // namespace saccade::commands
