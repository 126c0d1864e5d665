#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace saccade::tests {

struct HttpRequest {
  std::string target;  ///< "/folder/file", or a whole address from a client that takes the server for its proxy
  std::string range;   ///< value of the Range header: "bytes=100-"; empty without one
};

/// What goes over the wire, headers included.
struct HttpResponse {
  std::string bytes;
  bool stall = false;  ///< afterwards say no more, but keep the connection
};

/// The file, or as much of it as the request's range asks for.
[[nodiscard]] HttpResponse serve(const HttpRequest& request, const std::string& file);

/// All of the file, whatever the range.
[[nodiscard]] HttpResponse serve_all(const std::string& file);

/// The same without telling its length beforehand.
[[nodiscard]] HttpResponse serve_without_length(const std::string& file);

/// An answer without contents, such as "404 Not Found".
[[nodiscard]] HttpResponse answer(const std::string& status, const std::string& header = {});

/// The headers and so many bytes of what follows them; then the connection breaks, or stalls.
[[nodiscard]] HttpResponse cut(HttpResponse response, std::size_t body_bytes, bool stall = false);

/// A server of HTTP/1.1 on a free port of 127.0.0.1 with a thread of its own, one request a connection. Ends when it is
/// destroyed. Makes this process and those that it starts reach 127.0.0.1 without a proxy.
class HttpServer {
 public:
  using Handler = std::function<HttpResponse(const HttpRequest&)>;

  explicit HttpServer(Handler handler);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  /// "http://127.0.0.1:PORT/"
  [[nodiscard]] std::string url() const;

  /// Those that have come so far.
  [[nodiscard]] std::vector<HttpRequest> requests() const;

 private:
  void run();
  void attend(int connection);

  Handler handler_;
  int listener_ = -1;
  int wake_ = -1;  ///< an eventfd that ends the thread
  int port_ = 0;
  std::vector<int> stalled_;
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
  std::thread thread_;
};

}  // namespace saccade::tests
