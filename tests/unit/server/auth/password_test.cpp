#include "server/auth/password_hash.hpp"
#include "server/auth/password_rules.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace hauspost::auth;

namespace {

using faults = std::vector<password_fault>;
constexpr argon2_parameters cheap{8, 1, 1};

faults faults_of(const std::string& password) {
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
    password_rules wide;
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
    CHECK(find_faults("al is a fine name", "al@b.example", password_rules{}).empty());
    password_rules free;
    free.may_hold_address = true;
    CHECK(find_faults("xxanna.bergxxxx", "anna.berg@b.example", free).empty());
}

TEST_CASE("password rules: each refusal names its rule in English and German") {
    for (const auto fault :
         {password_fault::no_text, password_fault::too_short, password_fault::too_long,
          password_fault::holds_user_name, password_fault::holds_domain_name}) {
        const auto english = describe(fault, password_rules{}, language::english);
        const auto german = describe(fault, password_rules{}, language::german);
        CHECK(english.find("The password") == 0);
        CHECK(german.find("Das Passwort") == 0);
    }
    CHECK(describe(password_fault::too_short, password_rules{}, language::english).find("12") !=
          std::string::npos);
}
