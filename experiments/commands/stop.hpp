#pragma once

namespace saccade::commands {

/// From now on the first SIGINT or SIGTERM asks to stop, the second one kills.
void listen_for_stop();

/// The signal that asked to stop; 0 for none.
[[nodiscard]] int stop_signal();

}  // namespace saccade::commands
