#include "server/config/config.hpp"

#include "server/config/config_change.hpp"
#include "server/config/config_items.hpp"
#include "server/config/config_values.hpp"
#include "tests/support/test_data.hpp"
#include "tests/support/tmp_dir.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <string>

using namespace hauspost::server;
using namespace std::chrono_literals;

namespace {

/// all  with what stands behind a # because it is the owner's
std::string shipped_config(bool all = true) {
    std::ifstream file(hauspost::test::test_data() / "../../conf/hauspost.toml");
    std::string text, line;
    while (std::getline(file, line)) {
        const bool is_owners = line.size() > 1 && line[0] == '#' && line[1] != ' ';
        text += (all && is_owners ? line.substr(1) : line) + "\n";
    }
    return text;
}

/// Exactly one fault, and its text.
std::string only_fault(std::string_view text) {
    const auto loaded = parse_config(text);
    REQUIRE_MESSAGE(loaded.faults.size() == 1, describe(loaded.faults, "f"));
    return describe(loaded.faults, "f");
}

}  // namespace

TEST_CASE("config: an empty file gives the built-in defaults") {
    const auto loaded = parse_config("");
    CHECK(loaded.faults.empty());
    CHECK(differences(loaded.values, config{}) == std::vector<std::string>{});
}

TEST_CASE("config: conf/hauspost.toml holds every item with its default") {
    const auto text = shipped_config();
    REQUIRE(!text.empty());
    const auto loaded = parse_config(text);
    CHECK(describe(loaded.faults, "hauspost.toml") == "");
    CHECK(differences(loaded.values, config{}) == std::vector<std::string>{});
    CHECK(describe(loaded.notes, "hauspost.toml") == "");
    config values;
    for (const auto& item : config_items(values))
        CHECK_MESSAGE(loaded.places.contains(full_name(item)), full_name(item));
}

TEST_CASE("config: conf/hauspost.toml fixes nothing that is the owner's") {
    const auto loaded = parse_config(shipped_config(false));
    REQUIRE(loaded.faults.empty());
    config values;
    for (const auto& item : config_items(values))
        CHECK_MESSAGE(loaded.places.contains(full_name(item)) != item.is_owners, full_name(item));
}

TEST_CASE("config: each kind of value is read") {
    const auto loaded = parse_config(R"(
hostname = "mail.example.de"
[listen]
smtp = ["127.0.0.1:2525", "[::1]:2525"]
imap = []
imaps = [":993"]
[accounts]
argon2_memory = "64 MiB"
password_may_hold_address = true
retention = "30d"
[limits]
message_size = 1000000
connections_per_address = 0
[smtp]
command_timeout = 20
)");
    CHECK(describe(loaded.faults, "f") == "");
    const auto& c = loaded.values;
    CHECK(c.hostname == "mail.example.de");
    CHECK(c.listen.at("smtp") == endpoints{{"127.0.0.1", 2525}, {"::1", 2525}});
    CHECK(c.listen.at("imap").empty());
    CHECK(c.listen.at("imaps") == endpoints{{"", 993}});
    CHECK(c.logins.argon2.memory_kib == 64 * 1024);
    CHECK(c.passwords.may_hold_address);
    CHECK(c.store.retention == 30 * 24h);
    CHECK(c.smtp.limits.max_message_octets == 1'000'000);
    CHECK(c.smtp.limits.command_timeout == 20s);
    CHECK(c.gate.max_per_address == 0);
}

TEST_CASE("config: a mistyped key is told with line, column and the likely one") {
    CHECK(only_fault("[listen]\n  smpt = []\n") ==
          "f:2:3: \"smpt\" is not known in [listen]; did you mean \"smtp\"?\n");
    CHECK(only_fault("[limit]\nconnections = 5\n").find("did you mean \"limits\"?") !=
          std::string::npos);
    CHECK(only_fault("smtp = []\n").find("it belongs in [listen]") != std::string::npos);
    CHECK(only_fault("[log]\nhostname = \"a.example\"\n")
              .find("it belongs above the first section") != std::string::npos);
    CHECK(only_fault("[log]\nzzzzzzzzzz = 1\n").find("take it out") != std::string::npos);
}

TEST_CASE("config: a key of several sections is told all of them") {
    const auto text = only_fault("[limits]\nmax_failed_logins = 5\n");
    CHECK(text.find("it belongs in [submission] or [imap] or [pop3]") != std::string::npos);
    CHECK(only_fault("imap = 5\n").find("it belongs in [listen]") != std::string::npos);
    CHECK(only_fault("limits = 5\n").find("write [limits] on a line of its own") !=
          std::string::npos);
}

TEST_CASE("config: all faults of a file are told at once, by line") {
    const auto loaded = parse_config(R"(hostname = 5
[listen]
smtp = "0.0.0.0:25"
imap = ["0.0.0.0", "nowhere:1", "0.0.0.0:70000", "::1:143"]
[limits]
message_size = "many"
[smtp]
command_timeout = "soon"
max_recipients = 100001
[log]
level = "loud"
)");
    std::vector<std::uint32_t> lines;
    for (const auto& fault : loaded.faults)
        lines.push_back(fault.line);
    CHECK(lines == std::vector<std::uint32_t>{1, 3, 4, 4, 4, 4, 6, 8, 9, 11});
    const auto text = describe(loaded.faults, "f");
    CHECK(text.find("use one of \"trace\" \"debug\"") != std::string::npos);
    CHECK(text.find("for example \"50 MiB\"") != std::string::npos);
}

TEST_CASE("config: numbers at both ends of the range are taken, one past each is not") {
    CHECK(parse_config("[imap]\nliterals = 1\n").faults.empty());
    CHECK(parse_config("[imap]\nliterals = 100000\n").faults.empty());
    only_fault("[imap]\nliterals = 100001\n");
    only_fault("[imap]\nliterals = 0\n");
    only_fault("[imap]\nliterals = -1\n");
    only_fault("[limits]\nconnections = -1\n");
    CHECK(parse_config("[limits]\nconnections = 0\n").faults.empty());
}

TEST_CASE("config: items that contradict each other are told") {
    CHECK(only_fault("[tls]\ncertificate = \"a.pem\"\n").find("belong together") !=
          std::string::npos);
    CHECK(only_fault("[accounts]\npassword_min_characters = 20\npassword_max_characters = 10\n")
              .find("no password could be right") != std::string::npos);
    CHECK(only_fault("[listen]\nsmtp = [\"127.0.0.1:25\"]\nimap = [\"127.0.0.1:25\"]\n")
              .find("cannot both be listened on") != std::string::npos);
    CHECK(only_fault("[accounts]\nargon2_memory = \"8 KiB\"\nargon2_lanes = 2\n")
              .find("8 KiB for each lane") != std::string::npos);
    CHECK(only_fault("[delivery]\nowner_mailbox = \"owner\"\n").find("not a valid address") !=
          std::string::npos);
}

TEST_CASE("config: a host name that is not valid is refused") {
    for (const char* name : {"mail example", ".de", "de.", "a..b", "m\xe2\x98\x83il..de"})
        CHECK(only_fault("hostname = \"" + std::string(name) + "\"\n")
                  .find("not a valid host name") != std::string::npos);
}

TEST_CASE("config: a text that is no TOML is told with its place") {
    const auto text = only_fault("hostname = \"a\"\nlisten = [\n");
    CHECK(text.find("f:") == 0);
    CHECK(text.find("not valid TOML") != std::string::npos);
    only_fault("hostname = \"a\"\nhostname = \"b\"\n");
}

TEST_CASE("config: a value that only lacks its quotes is told so") {
    CHECK(only_fault("hostname = mail.example.org\n")
              .find("write it in quotes: hostname = "
                    "\"mail.example.org\"") != std::string::npos);
    CHECK(only_fault("[limits]\n\nmessage_size = 50 MiB # much\n").find("f:3:") == 0);
    CHECK(only_fault("[limits]\n\nmessage_size = 50 MiB # much\n")
              .find("message_size = \"50 MiB\"") != std::string::npos);
    CHECK(only_fault("data_dir = /var/lib/hauspost\r\n").find("\"/var/lib/hauspost\"") !=
          std::string::npos);
    // Wrong in another way: quotes would mend nothing.
    for (const char* text : {"network_threads = 1\nnetwork_threads = 2\n", "listen = [\n",
                             "hostname = \"a\n", "[search]\nindex = true\nindex = true\n"})
        CHECK_MESSAGE(only_fault(text).find("in quotes") == std::string::npos, text);
}

TEST_CASE("config: a file in another encoding is refused whole") {
    CHECK(only_fault("# f\xfcr\n").find("not valid UTF-8") != std::string::npos);
}

TEST_CASE("config: a file that cannot be read is told, and a FIFO is not waited for") {
    const hauspost::test::tmp_dir folder;
    const auto path = (folder / "c.toml").string();
    CHECK(describe(load_config(path).faults, path).find("No such file") != std::string::npos);
    CHECK(load_config(folder.path().string()).faults.size() == 1);
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK(describe(load_config(path).faults, path).find("not a regular file") != std::string::npos);
}

TEST_CASE("config values: sizes with and without units") {
    CHECK(parse_octet_size("512") == octet_size{512});
    CHECK(parse_octet_size(" 50 MiB ") == 50_mib);
    CHECK(parse_octet_size("64kib") == 64_kib);
    CHECK(parse_octet_size("10 MB") == octet_size{10'000'000});
    for (const char* text : {"", "MiB", "-1", "1.5 MiB", "5 M", "9223372036854775808",
                             "99999999999 TiB", "99999999999999999999"})
        CHECK_MESSAGE(!parse_octet_size(text), text);
}

TEST_CASE("config values: lengths of time with and without units") {
    CHECK(parse_duration("90") == 90s);
    CHECK(parse_duration("90s") == 90s);
    CHECK(parse_duration("15 min") == 15min);
    CHECK(parse_duration("2h") == 2h);
    CHECK(parse_duration("2w") == 14 * 24h);
    for (const char* text : {"", "s", "1y", "-5s", "99999999999d", "5 5"})
        CHECK_MESSAGE(!parse_duration(text), text);
}

TEST_CASE("config values: addresses with ports go there and back") {
    for (const char* text : {"127.0.0.1:25", "[::1]:143", ":993", "0.0.0.0:0", "[::]:65535"}) {
        const auto where = parse_endpoint(text);
        REQUIRE_MESSAGE(where, text);
        CHECK(to_text(*where) == text);
    }
    for (const char* text : {"", "25", "::1:25", "[::1]", "[127.0.0.1]:25", "host:25",
                             "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:2 ", "[]:2"})
        CHECK_MESSAGE(!parse_endpoint(text), text);
}

TEST_CASE("config values: the nearest word is found only when it is near") {
    CHECK(nearest_word("smpt", {"smtp", "imap"}) == "smtp");
    CHECK(nearest_word("datadir", {"hostname", "data_dir"}) == "data_dir");
    CHECK(nearest_word("zebra", {"hostname", "data_dir"}).empty());
    CHECK(nearest_word(std::string(65, 'a'), {"a"}).empty());
}
