#include "tests/support/http_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace saccade::tests {
namespace {

constexpr std::string_view end_of_headers = "\r\n\r\n";
constexpr int backlog = 8;
constexpr int patience_seconds = 5;

HttpResponse message(const std::string& status, const std::string& headers, const std::string& body) {
  return {"HTTP/1.1 " + status + "\r\nConnection: close\r\n" + headers + "\r\n" + body};
}

std::string length_header(std::size_t length) { return "Content-Length: " + std::to_string(length) + "\r\n"; }

std::string header_in(std::string_view request, std::string_view name) {
  const std::size_t found = request.find(name);
  if (found == std::string_view::npos) return {};
  const std::string_view value = request.substr(found + name.size());
  return std::string(value.substr(0, value.find("\r\n")));
}

/// The headers of a request; what has come when the client closes or says nothing more.
std::string receive(int connection) {
  std::string text;
  std::array<char, 4096> piece{};
  while (text.find(end_of_headers) == std::string::npos) {
    const ssize_t got = ::recv(connection, piece.data(), piece.size(), 0);
    if (got <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  return text;
}

void send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void limit_patience(int connection) {
  const timeval limit{patience_seconds, 0};
  ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

}  // namespace

HttpResponse serve(const HttpRequest& request, const std::string& file) {
  constexpr std::string_view unit = "bytes=";
  if (request.range.empty()) return serve_all(file);
  const std::size_t first = std::stoul(request.range.substr(unit.size()));
  const std::string size = std::to_string(file.size());
  if (first >= file.size()) return answer("416 Range Not Satisfiable", "Content-Range: bytes */" + size + "\r\n");
  const std::string range = std::to_string(first) + "-" + std::to_string(file.size() - 1) + "/" + size;
  return message("206 Partial Content", "Content-Range: bytes " + range + "\r\n" + length_header(file.size() - first),
                 file.substr(first));
}

HttpResponse serve_all(const std::string& file) { return message("200 OK", length_header(file.size()), file); }

HttpResponse serve_without_length(const std::string& file) { return message("200 OK", "", file); }

HttpResponse answer(const std::string& status, const std::string& header) {
  return message(status, header + length_header(0), "");
}

HttpResponse cut(HttpResponse response, std::size_t body_bytes, bool stall) {
  response.bytes.resize(response.bytes.find(end_of_headers) + end_of_headers.size() + body_bytes);
  response.stall = stall;
  return response;
}

HttpServer::HttpServer(Handler handler)
    : handler_{std::move(handler)},
      listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)},
      wake_{::eventfd(0, EFD_CLOEXEC)} {
  ::setenv("no_proxy", "127.0.0.1", 1);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, backlog) != 0 ||
      ::getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("no port on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

HttpServer::~HttpServer() {
  const std::uint64_t one = 1;
  static_cast<void>(::write(wake_, &one, sizeof one));
  thread_.join();
  for (const int connection : stalled_) ::close(connection);
  ::close(listener_);
  ::close(wake_);
}

std::string HttpServer::url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

std::vector<HttpRequest> HttpServer::requests() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return requests_;
}

void HttpServer::run() {
  while (true) {
    std::array<pollfd, 2> waiting{pollfd{listener_, POLLIN, 0}, pollfd{wake_, POLLIN, 0}};
    ::poll(waiting.data(), waiting.size(), -1);
    if (waiting[1].revents != 0) return;
    if (waiting[0].revents == 0) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) attend(connection);
  }
}

void HttpServer::attend(int connection) {
  limit_patience(connection);
  const std::string text = receive(connection);
  const std::size_t begin = text.find(' ') + 1;
  const HttpRequest request{text.substr(begin, text.find(' ', begin) - begin), header_in(text, "\r\nRange: ")};
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    requests_.push_back(request);
  }
  const HttpResponse response = handler_(request);
  send_all(connection, response.bytes);
  if (response.stall) {
    stalled_.push_back(connection);
  } else {
    ::close(connection);
  }
}

}  // namespace saccade::tests
