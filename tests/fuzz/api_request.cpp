// Requests to each command of the owner's API over a real small store: whatever stands in one, the
// answer is a result or a refusal in words, as JSON that is read again, and nobody but the owner's own
// commands touches the owner.
//
// First octet: who asks; then a line with the name of a command (where it is none, its length chooses
// one); the rest: the body as it came by HTTP.

#include "admin/api/commands.hpp"
#include "base/random.hpp"
#include "base/utf8.hpp"
#include "tests/fuzz/support/fresh_server.hpp"
#include "tests/fuzz/support/grammar.hpp"
#include "tests/unit/admin/fixture.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace hauspost;
using fuzz::must;

/// A domain with two accounts, an alias and a forward; passwords, keys and the machine are the tests'.
class small_office {
public:
    small_office() {
        ask("domain add", R"({"name":"a.example"})");
        ask("owner password", R"({"password":"words of the owner"})");
    }

    /// What some run before may have taken away.
    void furnish() {
        ask("account add", R"({"address":"anna@a.example","password":"words"})");
        ask("account add", R"({"address":"ben@a.example","password":"words"})");
        ask("alias add", R"({"address":"office@a.example","targets":["anna@a.example"]})");
        ask("forward set",
            R"({"address":"ben@a.example","targets":["x@b.example"],"keep_copy":true})");
    }

    admin::api::answer ask(std::string_view command,
                           std::string_view body,
                           admin::caller who = {}) {
        auto given = admin::api::parse_request(body);
        if (!given) return given;
        (*given)["command"] = command;
        admin::api::answer said;
        auto asking = [](small_office& of, admin::api::json::object request, admin::caller by,
                         admin::api::answer& out) -> awaitable<void> {
            auto work = admin::api::run(of.ports_, test::test_places, std::move(request),
                                        std::move(by), &of.at_.opened);
            out = co_await std::move(work);
        };
        test::run(at_.io, asking(*this, std::move(*given), std::move(who), said));
        return said;
    }

    std::uint64_t owner_version() { return at_.get(at_.store->owner.find_owner()).version; }

private:
    test::admin_fixture at_;
    admin::ports ports_ = at_.stored_ports();
};

admin::caller caller_of(std::uint8_t octet) {
    using enum storage::audit_actor;
    constexpr std::array kinds{command_line, owner, setup};
    admin::caller made;
    made.who = kinds.at(octet % kinds.size());
    made.from = "192.0.2.1";
    return made;
}

const admin::api::command& command_of(std::string_view line) {
    const auto* named = admin::api::find_command(line);
    const auto& all = admin::api::commands();
    return named != nullptr ? *named : all[line.size() % all.size()];
}

void check_answer(const admin::api::answer& said) {
    auto shown = said ? *said : said.error().facts;
    if (!said) {
        must(!said.error().code.empty() && !said.error().text.empty(), "a refusal says nothing");
        shown["detail"] = said.error().text;
    }
    const auto text = admin::api::json::serialize(shown);
    must(utf8::is_valid(text), "an answer is no UTF-8");
    const auto again = admin::api::parse_request(text);
    must(again && *again == shown, "an answer is read as another");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t count) {
    if (count < 2) return 0;
    spdlog::set_level(spdlog::level::off);
    // Before the store, so that OpenSSL ends after it: the writer's thread holds some of its memory.
    static const auto opens_openssl = random::number();
    (void)opens_openssl;
    static fuzz::lasting_server<small_office> lasting;
    auto& office = lasting.get();
    office.furnish();
    const std::string_view input(reinterpret_cast<const char*>(octets + 1), count - 1);
    const auto end = std::min(input.find('\n'), input.size());
    const auto& what = command_of(input.substr(0, end));
    const auto who = caller_of(octets[0]);
    const auto body = input.substr(std::min(end + 1, input.size()));
    const auto before = office.owner_version();
    const auto said = office.ask(what.name, body, who);
    check_answer(said);
    must(!said || !who.is_browser() || what.to != admin::api::offered::on_console,
         "a browser gives a command of the console");
    must(office.owner_version() == before || std::string_view(what.name).starts_with("owner "),
         "another command changes the owner");
    return 0;
}
