#include "protocols/sessions/session_log.hpp"

#include "tests/support/log_capture.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace hauspost;

TEST_CASE("session log: each line names event, connection and protocol, then the facts") {
    net::peer_info peer;
    peer.id = connection_id(7);
    const sessions::session_log log(peer, "imap");
    std::string all;
    const test::log_capture said(all);
    log.info("refuse", "verb={} code={}", "RCPT", 550);
    log.warn("not_removed", "reason={}", log_safe("no \"room\""));
    log.fault(std::runtime_error("broken \n disk"));
    CHECK(said.text() ==
          "refuse cid=7 proto=imap verb=RCPT code=550\n"
          "not_removed cid=7 proto=imap reason=\"no \\x22room\\x22\"\n"
          "fault cid=7 proto=imap what=\"broken \\x0a disk\"\n");
}
