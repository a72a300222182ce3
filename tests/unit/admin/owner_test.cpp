// The owner's use cases over a real store. E06, G11
#include "admin/owner.hpp"

#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::admin;
using hauspost::test::admin_fixture;
using hauspost::test::contains;
using namespace std::chrono_literals;

namespace {

const visitor browser = [] {
    visitor made;
    made.address = "192.0.2.1";
    made.agent = "Firefox";
    return made;
}();

std::string secret_of(const made_setup_link& link) {
    const std::string url(link.url.reveal());
    return url.substr(url.find('#') + 1);
}

caller by(storage::audit_actor who) {
    caller made;
    made.who = who;
    made.from = browser.address;
    made.agent = browser.agent;
    return made;
}

struct office : admin_fixture {
    outcome<opened_session> open(const std::string& link_secret) {
        return get(open_setup(ports, secret(link_secret), browser));
    }
    outcome<opened_session> enter(const std::string& password, const std::string& code = "") {
        owner_credentials given;
        given.password = secret(password);
        given.code = secret(code);
        return get(sign_in(ports, given, browser));
    }
    outcome<changed_owner_password> choose(const std::string& password,
                                           caller who,
                                           const std::string& present = "") {
        new_owner_password wanted;
        wanted.password = secret(password);
        wanted.present = secret(present);
        return get(set_owner_password(ports, std::move(who), std::move(wanted)));
    }
    bool is_in(const secret& id, bool is_used = true) {
        return get(admin::find_session(ports, id, is_used)).has_value();
    }
    void pass(std::chrono::seconds length) { time.move_wall(length); }
    [[nodiscard]] std::string log() { return ask(R"({"command":"audit list"})"); }
};

template <class T>
refusal_code code_of(const outcome<T>& of) {
    REQUIRE_FALSE(of.has_value());
    return of.error().code;
}

}  // namespace

TEST_CASE("owner: G11 from the link to the first password, with a session that can do no more") {
    office h;
    CHECK(code_of(h.enter("")) == refusal_code::owner_wrong);  // there is no default password
    const auto link = h.get(make_setup_link(h.ports));
    REQUIRE(link.has_value());
    const auto secret_text = secret_of(*link);
    CHECK(secret_text.size() == 64);
    CHECK(std::string(link->url.reveal()) == "https://mail.a.example:8443/setup#" + secret_text);
    CHECK_FALSE(link->is_page_off);
    CHECK(code_of(h.open("wrong")) == refusal_code::no_setup_link);
    const auto setup = h.open(secret_text);
    REQUIRE(setup.has_value());
    CHECK(h.get(admin::find_session(h.ports, setup->id, true)).value().is_setup);
    CHECK(code_of(h.open(secret_text)) == refusal_code::no_setup_link);
    for (const char* command : {"account list", "owner show", "audit list", "owner totp-begin"})
        CHECK(contains(h.ask(R"({"command":")" + std::string(command) + "\"}",
                             by(storage::audit_actor::setup)),
                       "Sign in again"));
    CHECK(code_of(h.choose("no", by(storage::audit_actor::setup))) ==
          refusal_code::password_refused);
    const auto done = h.choose("first words", by(storage::audit_actor::setup));
    REQUIRE(done.has_value());
    REQUIRE(done->opened.has_value());
    CHECK_FALSE(h.is_in(setup->id));  // a new id for more rights
    CHECK(h.is_in(done->opened->id));
    CHECK_FALSE(h.get(admin::find_session(h.ports, done->opened->id, true)).value().is_setup);
    // Who still holds the old link or session gets no second owner.
    CHECK(code_of(h.choose("second words", by(storage::audit_actor::setup))) ==
          refusal_code::not_signed_in);
    CHECK(code_of(h.get(make_setup_link(h.ports))) == refusal_code::owner_is_set_up);
    CHECK(h.enter("first words").has_value());
}

TEST_CASE(
    "owner: G11 a link is good for a day, and a first start makes one only where none waits") {
    office h;
    const auto first = h.get(make_first_setup_link(h.ports));
    REQUIRE(first.has_value());
    CHECK_FALSE(h.get(make_first_setup_link(h.ports)).has_value());
    h.pass(24h);
    CHECK(code_of(h.open(secret_of(*first))) == refusal_code::no_setup_link);
    const auto second = h.get(make_first_setup_link(h.ports));
    REQUIRE(second.has_value());
    CHECK(contains(h.log(), R"("who":"server")"));
    CHECK(h.open(secret_of(*second)).has_value());
    REQUIRE(h.choose("first words", by(storage::audit_actor::setup)).has_value());
    CHECK_FALSE(h.get(make_first_setup_link(h.ports)).has_value());
}

TEST_CASE("owner: E06 each sign-in has an id of its own, that is kept as a digest and ends") {
    office h;
    REQUIRE(h.choose("first words", caller()).has_value());
    const auto one = h.enter("first words"), other = h.enter("first words");
    CHECK(one->id.reveal() != other->id.reveal());
    CHECK(one->id.reveal().size() == 64);
    CHECK(h.is_in(one->id));
    CHECK_FALSE(h.is_in(secret(to_hex(octets_of(one->row.key)))));  // the digest opens nothing
    CHECK_FALSE(h.is_in(secret("")));
    CHECK_FALSE(h.is_in(secret(std::string(100'000, 'a'))));
    CHECK(*h.get(sign_out(h.ports, one->id)));
    CHECK_FALSE(h.is_in(one->id));
    CHECK_FALSE(*h.get(sign_out(h.ports, one->id)));
    CHECK(h.is_in(other->id));
}

TEST_CASE("owner: a session ends when it is not used, and after its time whatever it does") {
    office h;
    REQUIRE(h.choose("first words", caller()).has_value());
    const auto idle = h.enter("first words");
    h.pass(30min);
    CHECK(h.is_in(idle->id, false));  // what a page asks by itself keeps nobody signed in
    h.pass(1s);
    CHECK_FALSE(h.is_in(idle->id));
    const auto busy = h.enter("first words");
    for (int n = 0; n < 24; ++n) {
        h.pass(30min);
        CHECK(h.is_in(busy->id));
    }
    h.pass(1s);
    CHECK_FALSE(h.is_in(busy->id));
    CHECK(h.get(list_owner_sessions(h.ports)).empty());
}

TEST_CASE("owner: a session that is used is written down at most once a minute") {
    office h;
    REQUIRE(h.choose("first words", caller()).has_value());
    const auto in = h.enter("first words");
    const auto seen_at = [&] {
        return h.get(h.store->owner.find_session(in->row.key)).value().seen_at;
    };
    const auto begun = seen_at();
    h.pass(59s);
    CHECK(h.is_in(in->id));
    CHECK(seen_at() == begun);
    h.pass(1s);
    CHECK(h.is_in(in->id));
    CHECK(seen_at() == begun + 60);
}

TEST_CASE("owner: E06 a new password ends all sessions, and keeps the rules and the old one out") {
    office h;
    REQUIRE(h.choose("first words", caller()).has_value());
    const auto in = h.enter("first words");
    const auto at_page = by(storage::audit_actor::owner);
    CHECK(code_of(h.choose("other words", at_page, "wrong")) == refusal_code::owner_wrong);
    CHECK(h.door.asked_from == "192.0.2.1");
    CHECK(code_of(h.choose("other words", at_page)) == refusal_code::owner_wrong);
    CHECK(code_of(h.choose("no", at_page, "first words")) == refusal_code::password_refused);
    CHECK(code_of(h.choose("first words", at_page, "first words")) ==
          refusal_code::password_reused);
    CHECK(h.is_in(in->id));
    const auto done = h.choose("other words", at_page, "first words");
    REQUIRE(done.has_value());
    CHECK_FALSE(h.is_in(in->id));
    CHECK(h.is_in(done->opened->id));
    CHECK(code_of(h.enter("first words")) == refusal_code::owner_wrong);
    CHECK(h.enter("other words").has_value());
    // By the command line nobody has to know the old one, and no session begins.
    const auto shell = h.choose("third words", caller());
    REQUIRE(shell.has_value());
    CHECK_FALSE(shell->opened.has_value());
    CHECK(h.get(list_owner_sessions(h.ports)).empty());
}

TEST_CASE("owner: a second factor counts once its first code was given, with codes for paper") {
    office h;
    REQUIRE(h.choose("first words", caller()).has_value());
    CHECK(code_of(h.get(enable_totp(h.ports, "5"))) == refusal_code::no_totp_begun);
    const auto begun = h.get(begin_totp(h.ports));
    REQUIRE(begun.has_value());
    CHECK(begun->key.reveal().size() == 32);
    CHECK(std::string(begun->uri.reveal()) ==
          "otpauth://totp/Hauspost:mail.a.example?secret=" + std::string(begun->key.reveal()) +
              "&issuer=Hauspost");
    CHECK(h.enter("first words").has_value());  // not yet
    CHECK(code_of(h.get(enable_totp(h.ports, "nonsense"))) == refusal_code::wrong_code);
    const auto codes = h.get(enable_totp(h.ports, "5"));
    REQUIRE(codes.has_value());
    CHECK(codes->recovery_codes.size() == 8);
    CHECK(code_of(h.get(begin_totp(h.ports))) == refusal_code::totp_is_on);
    CHECK(code_of(h.get(enable_totp(h.ports, "6"))) == refusal_code::totp_is_on);
    CHECK(code_of(h.enter("first words")) == refusal_code::code_wanted);
    CHECK(code_of(h.enter("first words", "nonsense")) == refusal_code::wrong_code);
    CHECK(code_of(h.enter("first words", "5")) == refusal_code::used_code);  // switched it on
    CHECK(h.enter("first words", "6").has_value());
    const std::string paper(codes->recovery_codes[3].reveal());
    CHECK(h.enter("first words", paper).has_value());
    CHECK(code_of(h.enter("first words", paper)) == refusal_code::used_code);
    CHECK(h.get(show_owner(h.ports)).recovery_codes == 7);
    const auto at_page = by(storage::audit_actor::owner);
    CHECK(h.get(disable_totp(h.ports, at_page, secret("wrong")))->code ==
          refusal_code::owner_wrong);
    CHECK_FALSE(h.get(disable_totp(h.ports, at_page, secret("first words"))).has_value());
    CHECK(h.get(disable_totp(h.ports, caller(), secret()))->code == refusal_code::totp_is_off);
    CHECK(h.enter("first words").has_value());
    CHECK(h.get(show_owner(h.ports)).recovery_codes == 0);
}

TEST_CASE("owner: a change that was decided on an older row is refused, and nothing is lost") {
    office h;
    REQUIRE(h.choose("first words", caller()).has_value());
    auto late = h.get(h.store->owner.find_owner());
    CHECK_FALSE(h.get(set_owner_language(h.ports, "de")).has_value());
    late.language = "en";
    CHECK(h.get(h.store->owner.change_owner(late, std::nullopt)) ==
          storage::errc::changed_meanwhile);
    CHECK(h.get(show_owner(h.ports)).language == "de");
    CHECK(h.get(set_owner_language(h.ports, "fr"))->code == refusal_code::not_a_language);
}

TEST_CASE("owner: a reset takes all away, and its link begins anew") {
    office h;
    REQUIRE(h.choose("first words", caller()).has_value());
    const auto in = h.enter("first words");
    const auto link = h.get(reset_owner(h.ports));
    REQUIRE(link.has_value());
    CHECK_FALSE(h.is_in(in->id));
    CHECK(code_of(h.enter("first words")) == refusal_code::owner_wrong);
    CHECK(h.open(secret_of(*link)).has_value());
}

TEST_CASE("owner: sessions are told apart and ended by what opens none") {
    office h;
    REQUIRE(h.choose("first words", caller()).has_value());
    const auto one = h.enter("first words");
    const auto other = h.enter("first words");
    const auto id = id_of(one->row);
    CHECK(id.size() == 16);
    CHECK(contains(h.ask(R"({"command":"owner sessions"})"), R"("id":")" + id + '"'));
    CHECK(contains(h.ask(R"({"command":"owner sessions"})"), R"("agent":"Firefox")"));
    CHECK(contains(h.ask(R"({"command":"owner end-session","id":"x\u0007y"})"),
                   "There is no session \"x?y\""));
    CHECK(h.ask(R"({"command":"owner end-session","id":")" + id + "\"}") ==
          R"({"id":")" + id + "\"}");
    CHECK_FALSE(h.is_in(one->id));
    CHECK(h.is_in(other->id));
}

TEST_CASE("owner: a password that is being typed is judged for an account and for the owner") {
    office h;
    const auto setup = by(storage::audit_actor::setup);
    CHECK(h.ask(R"({"command":"password check","password":"abc"})", setup) ==
          R"({"good":false,"score":3,"faults":[{"fault":"too_short","text":"The password is too )"
          R"(short: it needs at least 4 characters."}],"rules":{"min_characters":4,"min_score":0,)"
          R"("may_hold_address":true}})");
    CHECK(h.ask(R"({"command":"password check","password":"words","address":"anna@a.example"})") ==
          R"({"good":true,"score":4,"faults":[],"rules":{"min_characters":4,"min_score":0,)"
          R"("may_hold_address":true}})");
    CHECK(contains(h.ask(R"({"command":"password check","password":"words","address":"@"})"),
                   "refused: "));
}
