#include "tests/session/http/fixture.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <thread>

using namespace hauspost;
using namespace hauspost::test;
using namespace std::chrono_literals;

namespace {

const std::string stream_head =
    "HTTP/1.1 200 OK\r\n" + http_date_line +
    "Content-Type: text/event-stream\r\nCache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string get_events = http_line("GET /events");

struct stream_fixture : http_fixture {
    stream_fixture() { handler.events = queue; }
    std::shared_ptr<http::event_queue> queue = std::make_shared<http::event_queue>(1'000);
};

/// Gives one event, then throws.
class broken_source final : public http::event_source {
public:
    awaitable<std::string> next() override {
        if (calls++ > 0) throw std::runtime_error("broken source");
        co_return "data: x\n\n";
    }
    void stop() noexcept override { is_stopped = true; }
    int calls = 0;
    bool is_stopped = false;
};

}  // namespace

TEST_CASE_FIXTURE(stream_fixture, "http events: each goes out when it comes, as a chunk") {
    http_client client(*this);
    CHECK(client.send(get_events) == stream_head);
    CHECK(queue->push(http::event("one")));
    CHECK(client.settle() == "b\r\ndata: one\n\n\r\n");
    queue->push(http::event("two"));
    queue->push(http::event("three"));
    CHECK(client.settle() == "18\r\ndata: two\n\ndata: three\n\n\r\n");
    // The end of the stream is not that of the connection.
    queue->end();
    CHECK(client.settle() == "0\r\n\r\n");
    CHECK_FALSE(client.is_over);
    CHECK(client.send(http_get) == http_hello);
    CHECK_FALSE(queue->push(http::event("late")));
}

TEST_CASE_FIXTURE(stream_fixture, "http events: what waited before the stream begins is sent") {
    queue->push(http::event("one"));
    http_client client(*this);
    CHECK(client.send(get_events) == stream_head + "b\r\ndata: one\n\n\r\n");
}

TEST_CASE_FIXTURE(stream_fixture, "http events: a heartbeat each 15 seconds without an event") {
    http_client client(*this);
    client.send(get_events);
    CHECK(client.wait(14s) == "");
    CHECK(client.wait(1s) == "3\r\n:\n\n\r\n");
    CHECK(client.wait(10s) == "");
    queue->push(http::event("one"));
    CHECK(client.settle() == "b\r\ndata: one\n\n\r\n");
    CHECK(client.wait(14s) == "");
    CHECK(client.wait(1s) == "3\r\n:\n\n\r\n");
    for (int i = 0; i < 1'000; ++i)
        CHECK(client.wait(15s) == "3\r\n:\n\n\r\n");
}

TEST_CASE_FIXTURE(stream_fixture, "http events: the source learns that the client is gone") {
    http_client client(*this);
    client.send(get_events);
    client.peer.finish();
    client.settle();
    CHECK(client.is_over);
    CHECK_FALSE(queue->push(http::event("one")));
    CHECK(queue.use_count() == 2);  // ours and the handler's
}

TEST_CASE_FIXTURE(stream_fixture, "http events: the stream ends when the server stops") {
    http_client client(*this);
    client.send(get_events);
    queue->push(http::event("one"));
    client.session->request_stop();
    const auto said = client.settle();
    CHECK(said.ends_with("0\r\n\r\n"));
    CHECK(client.is_over);
    CHECK_FALSE(queue->push(http::event("two")));
}

TEST_CASE_FIXTURE(stream_fixture, "http events: H01 who falls behind is let go") {
    CHECK(queue->push(http::event(std::string(500, 'x'))));
    CHECK_FALSE(queue->push(http::event(std::string(500, 'y'))));
    CHECK_FALSE(queue->push(http::event("z")));
    http_client client(*this);
    const auto said = client.send(get_events);
    CHECK(contains(said, "xxx"));
    CHECK_FALSE(contains(said, "yy"));
    CHECK(said.ends_with("0\r\n\r\n"));
}

TEST_CASE_FIXTURE(stream_fixture, "http events: H01 who takes nothing is let go") {
    memory_stream peer(get_events, when_dry::wait);
    peer.stall_output_after(stream_head.size() + 5);
    queue->push(http::event("one"));
    talk(peer);
    CHECK(contains(log, "reason=timeout"));
    CHECK_FALSE(queue->push(http::event("two")));
}

TEST_CASE_FIXTURE(stream_fixture, "http events: requests behind a stream wait, a few of them") {
    http_client client(*this);
    client.send(get_events + http_get);
    client.send(http_get);
    queue->push(http::event("one"));
    CHECK(client.settle() == "b\r\ndata: one\n\n\r\n");
    queue->end();
    CHECK(client.settle() == "0\r\n\r\n" + http_hello + http_hello);

    auto second = std::make_shared<http::event_queue>();
    handler.events = second;
    CHECK(client.send(get_events) == stream_head);
    client.send(std::string(100'000, 'x'));
    CHECK(client.is_over);
    CHECK(client.peer.unread_input().size() > 50'000);
}

TEST_CASE_FIXTURE(stream_fixture,
                  "http events: HEAD begins no stream, HTTP/1.0 gets it to its end") {
    http_client client(*this);
    CHECK(client.send(http_line("HEAD /events")) == stream_head);
    queue->push(http::event("one"));
    const auto said = client.send("GET /events HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(said.ends_with("\r\nConnection: close\r\n\r\ndata: one\n\n"));
    CHECK_FALSE(contains(said, "chunked"));
    queue->end();
    CHECK(client.settle() == "");
    CHECK(client.is_over);
}

TEST_CASE("http events: a source that fails ends the stream so that it shows") {
    http_fixture server;
    const auto source = std::make_shared<broken_source>();
    server.handler.events = source;
    memory_stream peer(get_events, when_dry::wait);
    const auto said = server.talk(peer);
    CHECK(said == stream_head + "9\r\ndata: x\n\n\r\n");
    CHECK(source->is_stopped);
    CHECK(source->calls == 2);
    CHECK(contains(server.log, "fault cid=1 proto=http what=\"broken source\"\n"));
}

TEST_CASE("http events: any thread may push, and nothing is lost") {
    http_fixture server;
    const auto queue = std::make_shared<http::event_queue>(1'000'000);
    server.handler.events = queue;
    http_client client(server);
    client.send(get_events);
    constexpr int count = 2'000;
    std::thread other([&queue] {
        for (int i = 0; i < count; ++i)
            queue->push(http::event("e"));
        queue->end();
    });
    std::string said;
    run_until(client.io, [&] {
        said += client.peer.take_output();
        return said.ends_with("0\r\n\r\n");
    });
    other.join();
    CHECK(count_of(said, "data: e\n\n") == count);
}
