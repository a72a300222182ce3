#include "server/auth/dummy_hash.hpp"
#include "server/auth/password_hash.hpp"
#include "server/auth/password_rules.hpp"
#include "server/auth/password_strength.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace hauspost::auth;

namespace {

using faults = std::vector<password_fault>;
constexpr argon2_parameters cheap{8, 1, 1};

/// All but how hard it is to guess.
password_rules plain_rules() {
    password_rules rules;
    rules.min_score = 0;
    return rules;
}

faults faults_of(const std::string& password) {
    return find_faults(password, "anna.berg@mail.firma.example", plain_rules());
}

/// Of one that keeps the plain rules.
faults weakness_of(const std::string& password) {
    return find_faults(password, "anna.berg@mail.firma.example", password_rules{});
}

}  // namespace

TEST_CASE("password hash: PHC form with the parameters, another salt each time") {
    const auto phc = hash_password("words", cheap);
    CHECK(phc.find("$argon2id$v=19$m=8,t=1,p=1$") == 0);
    CHECK(phc != hash_password("words", cheap));
    CHECK(verify_password(phc, "words"));
    CHECK(!verify_password(phc, "word"));
    CHECK(!verify_password(phc, ""));
}

TEST_CASE("password hash: one made with other parameters is verified and known as such") {
    const auto phc = hash_password("words", {16, 2, 2});
    CHECK(verify_password(phc, "words"));
    CHECK(needs_rehash(phc, cheap));
    CHECK(!needs_rehash(phc, {16, 2, 2}));
    CHECK(needs_rehash("", cheap));
}

TEST_CASE("password hash: what is no hash of ours is a fault, not a wrong password") {
    for (const char* phc :
         {"", "x", "$argon2id$v=19$m=8,t=1,p=1$", "$argon2i$v=19$m=8,t=1,p=1$a$b"})
        CHECK_THROWS_AS((void)verify_password(phc, "words"), std::runtime_error);
}

TEST_CASE("password rules: length counts characters, at both limits") {
    CHECK(faults_of("abcdefghijkl").empty());
    CHECK(faults_of("abcdefghijk") == faults{password_fault::too_short});
    CHECK(faults_of("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc"
                    "abcdef")
              .empty());
    CHECK(faults_of("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc"
                    "abcde") == faults{password_fault::too_short});
    CHECK(faults_of(std::string(256, 'a')).empty());
    CHECK(faults_of(std::string(257, 'a')) == faults{password_fault::too_long});
}

TEST_CASE("E04 password rules: what would not be hashed cannot be set") {
    std::string umlauts;
    for (int i = 0; i < 256; ++i)
        umlauts += "\xc3\xa4";
    CHECK(umlauts.size() == max_password_octets);
    CHECK(faults_of(umlauts).empty());
    password_rules wide = plain_rules();
    wide.max_characters = 512;
    CHECK(find_faults(umlauts + "a", "a@b.c", wide) == faults{password_fault::too_long});
    CHECK(faults_of(std::string("abcdefghijkl\0", 13)) == faults{password_fault::no_text});
    CHECK(faults_of("abcdefghijkl\n") == faults{password_fault::no_text});
    CHECK(faults_of("abcdefghijkl\xff") == faults{password_fault::no_text});
}

TEST_CASE("password rules: neither the user's nor the company's name may be in it") {
    CHECK(faults_of("xxAnna.BERGxxxx") == faults{password_fault::holds_user_name});
    CHECK(faults_of("my FIRMA is good") == faults{password_fault::holds_domain_name});
    CHECK(faults_of("firma") ==
          faults{password_fault::too_short, password_fault::holds_domain_name});
    CHECK(find_faults("al is a fine name", "al@b.example", plain_rules()).empty());
    password_rules free = plain_rules();
    free.may_hold_address = true;
    CHECK(find_faults("xxanna.bergxxxx", "anna.berg@b.example", free).empty());
}

TEST_CASE("password rules: a year behind a name is told, whichever rule it is that refuses it") {
    // The user's name without its dot is not the user's name; the year adds next to nothing.
    const auto told = [](const char* password, password_rules rules = {}) {
        return find_faults(password, "anna.huber@schreinerei.test", rules);
    };
    CHECK(told("annahuber-2026") == faults{password_fault::known_words});
    CHECK(told("anna.huber-2026") == faults{password_fault::holds_user_name});
    CHECK(told("Schreinerei2026!") == faults{password_fault::holds_domain_name});
}

TEST_CASE("password rules: what everybody tries first is refused, and the refusal says why") {
    for (const char* password : {"bbbbbbbbbbbbbb", "7777777777777", "abcabcabcabcabc",
                                 "hallohallohallo", "xyxyxyxyxyxyxyxy"})
        CHECK_MESSAGE(weakness_of(password) == faults{password_fault::repeats},
                      std::string(password));
    for (const char* password : {"234567890123", "mnopqrstuvwx", "yxcvbnm,.-yx", "qayxswedcvfr",
                                 "asdfghjkl\xc3\xb6\xc3\xa4#"})
        CHECK_MESSAGE(weakness_of(password).size() == 1, std::string(password));
    CHECK(weakness_of("234567890123") == faults{password_fault::rows});
    CHECK(weakness_of("mnopqrstuvwx") == faults{password_fault::rows});
    for (const char* password :
         {"letmein12345", "passwort2345", "P4ssw0rd2345", "willkommen123", "qwertzuiop123"})
        CHECK_MESSAGE(weakness_of(password) == faults{password_fault::known_words},
                      std::string(password));
}

TEST_CASE("password rules: four plain words and what a generator makes are taken") {
    for (const char* password :
         {"green tree big house", "sieben Katzen malen Wolken", "rT5-kfq_0Lzw", "mxkqvbhtrwjd",
          "\xce\xba\xce\xb1\xce\xbb\xce\xb7\xce\xbc\xce\xad\xcf\x81\xce\xb1 "
          "\xce\xba\xcf\x8c\xcf\x83\xce\xbc"})
        CHECK_MESSAGE(weakness_of(password).empty(), std::string(password));
}

TEST_CASE("password rules: of a long password the first part decides, so that time is bounded") {
    // Nothing behind the first 100 octets makes it any harder.
    CHECK(measure(std::string(100, 'a') + "rT5-kfq_0Lzw").score ==
          measure(std::string(100, 'a')).score);
    CHECK(weakness_of(std::string(200, 'z')) == faults{password_fault::repeats});
}

TEST_CASE("password rules: the least score is a setting") {
    password_rules rules;
    rules.min_score = 4;
    const auto faults_at = [&](const char* password) {
        return find_faults(password, "anna@firma.example", rules).size();
    };
    CHECK(measure("green big tree").score == 3);
    CHECK(faults_at("green big tree") == 1);
    rules.min_score = 3;
    CHECK(faults_at("green big tree") == 0);
    rules.min_score = 0;
    CHECK(faults_at("aaaaaaaaaaaa") == 0);
}

TEST_CASE("password hash: the cost of a hash is read from it") {
    CHECK(cost_of(hash_password("words", {16, 2, 2})) == argon2_parameters{16, 2, 2});
    for (const char* phc : {"", "x", "$argon2i$v=19$m=8,t=1,p=1$a$b", "$argon2id$v=19$m=8,t=1$a$b",
                            "$argon2id$v=19$m=99999999999,t=1,p=1$a$b"})
        CHECK_MESSAGE(!cost_of(phc), std::string(phc));
}

TEST_CASE("dummy hash: it costs what most accounts cost, and follows them") {
    constexpr argon2_parameters old_cost{16, 1, 1};
    const auto old_hash = hash_password("words", old_cost),
               new_hash = hash_password("words", cheap);
    dummy_hash dummy(cheap);
    CHECK(cost_of(dummy.get()) == cheap);
    for (int i = 0; i < 3; ++i)
        dummy.add(old_hash);
    dummy.add("no hash of ours");
    CHECK(cost_of(dummy.get()) == old_cost);
    const auto made = dummy.get();
    CHECK(dummy.get() == made);
    dummy.move(old_hash, new_hash);
    CHECK(cost_of(dummy.get()) == old_cost);
    dummy.move(old_hash, new_hash);
    CHECK(cost_of(dummy.get()) == cheap);
}
