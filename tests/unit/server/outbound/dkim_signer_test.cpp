#include "server/outbound/dkim_signer.hpp"

#include "protocols/dkim/signature.hpp"
#include "protocols/message/header.hpp"
#include "tests/support/server_parts.hpp"
#include "tests/support/some_keys.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::outbound;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view message = "From: ann@a.example\r\nSubject: x\r\n\r\nbody\r\n";

struct signer_rig {
    ~signer_rig() { parts.workers.stop(); }

    /// The signatures of a message by the domain's keys; none: nobody signs for it.
    std::vector<dkim::signature> sign(const std::string& domain, std::string_view octets) {
        const auto how = parts.wait(signer.find(domain));
        std::vector<dkim::signature> all;
        if (!how) return all;
        const auto made = how->sign(octets);
        why_not = made.why_not;
        for (message::header_reader reader(made.text); reader.next();) {
            CHECK(reader.field().name == "DKIM-Signature");
            const auto read = dkim::parse_signature(reader.field().value);
            REQUIRE(read.has_value());
            all.push_back(*read);
        }
        return all;
    }

    test::server_parts parts;
    domain_keys keys{parts.store().secrets, parts.workers, parts.time.wall(), test::some_key};
    dkim_signer signer{parts.store().directory, keys, parts.time.wall()};
    std::string why_not;
};

}  // namespace

TEST_CASE_FIXTURE(signer_rig, "dkim signer: a domain of ours signs once with each kind of key") {
    REQUIRE_FALSE(parts.wait(keys.ensure("a.example")));
    const auto made = sign("a.example", message);
    REQUIRE(made.size() == 2);
    CHECK(made[0].method == dkim::algorithm::rsa_sha256);
    CHECK(made[1].method == dkim::algorithm::ed25519_sha256);
    for (const auto& one : made) {
        CHECK(one.domain == "a.example");
        CHECK(one.signed_at == std::chrono::system_clock::to_time_t(parts.time.wall().now()));
    }
    CHECK(made[0].selector == "h2601r");
    CHECK(made[1].selector == "h2601e");
}

TEST_CASE_FIXTURE(signer_rig,
                  "A30 dkim signer: nobody signs for a domain that is not ours, or no more") {
    REQUIRE_FALSE(parts.wait(keys.ensure("b.example")));
    CHECK(sign("b.example", message).empty());
    CHECK(sign("a.example", message).empty());  // ours, without keys
    REQUIRE_FALSE(parts.wait(keys.ensure("a.example")));
    CHECK(sign("a.example", message).size() == 2);
    CHECK(sign("sub.a.example", message).empty());
}

TEST_CASE_FIXTURE(signer_rig, "dkim signer: new keys wait until the DNS knows them") {
    REQUIRE_FALSE(parts.wait(keys.ensure("a.example")));
    REQUIRE_FALSE(parts.wait(keys.rotate("a.example")));
    parts.time.move_wall(23h);
    CHECK(sign("a.example", message).at(0).selector == "h2601r");
    parts.time.move_wall(1h);
    const auto made = sign("a.example", message);
    REQUIRE(made.size() == 2);
    CHECK(made[0].selector == "h2601r2");
    CHECK(made[1].selector == "h2601e2");
}

TEST_CASE_FIXTURE(signer_rig, "dkim signer: what cannot be signed says why") {
    REQUIRE_FALSE(parts.wait(keys.ensure("a.example")));
    CHECK(sign("a.example", "Subject: x\r\n\r\nbody\r\n").empty());
    CHECK(why_not == "no_from");
    CHECK(sign("a.example", "From: ann@a.example\r\n\r\na\nb\r\n").empty());
    CHECK(why_not == "bare_line_end");
}
