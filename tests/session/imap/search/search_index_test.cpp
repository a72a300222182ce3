#include "base/base64.hpp"
#include "protocols/imap/grammar/command.hpp"
#include "protocols/query/run/index_filter.hpp"
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <random>

using namespace hauspost;
using hauspost::test::imap_server;

namespace {

/// The line of results.
std::string search(imap_server& at, const std::string& keys) {
    const auto said = at.in_inbox("1 SEARCH " + keys + "\r\n");
    CHECK(said.find("\r\n1 OK ") != std::string::npos);
    return said.substr(0, said.find("\r\n"));
}

/// The same with and without the index.
std::string searched_both_ways(imap_server& at, const std::string& keys) {
    CAPTURE(keys);
    at.uses_index = false;
    const auto without = search(at, keys);
    at.uses_index = true;
    const auto with = search(at, keys);
    CHECK(with == without);
    return with;
}

std::string literal(const std::string& octets) {
    return "{" + std::to_string(octets.size()) + "+}\r\n" + octets;
}

/// Counts the reads of message octets.
class counting_blobs final : public storage::blob_store {
public:
    explicit counting_blobs(storage::blob_store& real) : real_(real) {}
    [[nodiscard]] std::unique_ptr<storage::staged_blob> stage() override { return real_.stage(); }
    awaitable<result<std::size_t>> read(blob_id blob,
                                        std::uint64_t offset,
                                        std::span<char> into) override {
        ++reads;
        co_return co_await real_.read(blob, offset, into);
    }
    result<std::size_t> read_here(blob_id blob,
                                  std::uint64_t offset,
                                  std::span<char> into) override {
        ++reads;
        return real_.read_here(blob, offset, into);
    }
    std::atomic<int> reads = 0;

private:
    storage::blob_store& real_;
};

/// Random mail in many scripts, charsets and encodings, and random texts to look for in it.
class mail_maker {
public:
    explicit mail_maker(std::uint32_t seed) : random_(seed) {}

    std::string message() {
        std::string octets = "From: " + address("a.example") + "\r\n";
        octets += "Subject: " + header_words() + "\r\n";
        octets += "To: " + address("b.example") + "\r\n";
        if (chance(3)) octets += "Cc: " + header_words() + "\r\n";
        if (chance(3)) octets += "Bcc: x: " + address("c.example") + ",\r\n " + word() + ";\r\n";
        if (chance(3)) octets += "X-Note: " + header_words() + "\r\n " + header_words() + "\r\n";
        if (chance(2)) return octets + text_part();
        octets += "Content-Type: multipart/mixed; boundary=bbb\r\n\r\n";
        for (auto parts = 1 + random_() % 3; parts > 0; --parts)
            octets += "--bbb\r\n" + (chance(4) ? attachment() : text_part()) + "\r\n";
        return octets + "--bbb--\r\n";
    }

    std::string prefix() {
        if (chance(2)) return "";
        return "Return-Path: <" + word() + "@c.example>\r\nX-Original-To: " + word() + "\r\n";
    }

    /// One to three keys that the index may help with, and others.
    std::string keys() {
        std::string all = key();
        while (chance(3))
            all += " " + key();
        return all;
    }

    bool chance(unsigned of) { return random_() % of == 0; }

private:
    std::string key() {
        switch (random_() % 15) {
        case 0: return "NOT " + key();
        case 1: return "OR " + key() + " " + key();
        case 2: return "(" + key() + " " + key() + ")";
        case 3: return "SUBJECT " + needle();
        case 4: return "FROM " + needle();
        case 5: return "TO " + needle();
        case 6: return "HEADER X-Note " + needle();
        case 7: return "UNSEEN";
        case 8: return "HEADER Return-Path " + needle();
        case 9:
        case 10: return "BODY " + needle();
        case 11: return (chance(2) ? "CC " : "BCC ") + needle();
        case 12: return "FROM " + literal(word() + (chance(2) ? " <" : "@") + word());
        case 13: return "FUZZY " + std::string(chance(2) ? "BODY " : "TEXT ") + needle();
        default: return "TEXT " + needle();
        }
    }

    std::string word() {
        static const std::vector<std::string> letters{"a", "B", "e", "L", "x", "7", "-", "q"};
        std::string made;
        for (auto n = 1 + random_() % 6; n > 0; --n)
            made += letters[random_() % letters.size()];
        return made;
    }

    std::string foreign() {
        static const std::vector<std::string> words{
            "Grüße",  "straße", "ΣΊΣΥΦΟΣ",         "σίσυφος", "привет", "Мир",
            "日本語", "本語版", "e\u0301te\u0301", "été",     "ﬁnal",   "İstanbul",
            "שלום",   "😀😁😂",    "ｆｕｌｌ"};
        return words[random_() % words.size()];
    }

    std::string words(unsigned most) {
        std::string made;
        for (auto n = 1 + random_() % most; n > 0; --n)
            made += (chance(4) ? foreign() : word()) + (chance(5) ? "" : chance(6) ? ".\r\n" : " ");
        return made;
    }

    /// The same address may be written in many ways.
    std::string address(const std::string& domain) {
        const auto local = word();
        switch (random_() % 4) {
        case 0:
            return "\"" + word() + "\\" + word() + "\" (" + word() + ")\r\n <" + local + "@" +
                   domain + ">";
        case 1: return "\"" + local + "\" @ " + domain + " (" + header_words() + ")";
        default: return header_words() + " <" + local + "@" + domain + ">";
        }
    }

    std::string header_words() {
        if (chance(2)) return word() + " " + word();
        return "=?utf-8?B?" + base64::encode(foreign() + " " + word()) + "?=";
    }

    std::string text_part() {
        const auto text = words(30);
        if (chance(3))
            return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64"
                   "\r\n\r\n" +
                   base64::encode(text);
        if (chance(3))
            return "Content-Type: text/html; charset=iso-8859-1\r\n\r\n<p>" + word() + " gr\xfc" +
                   "n " + word() + "</p>";
        return "Content-Type: text/plain; charset=utf-8\r\n\r\n" + text;
    }

    std::string attachment() {
        return "Content-Type: application/pdf; name=\"" + word() + "\"\r\n\r\n" + words(20);
    }

    /// A piece of what the messages are made of: often in one of them, sometimes across two words.
    std::string needle() {
        auto from = words(3);
        const auto size = from.size();
        const auto begin = random_() % size;
        auto piece = from.substr(begin, 1 + random_() % 12);
        if (chance(3)) piece = chance(2) ? foreign() : word();
        return literal(piece);
    }

    std::mt19937 random_;
};

}  // namespace

TEST_CASE("imap index: a search reads only what may hold the text, and what is not indexed yet") {
    imap_server at;
    counting_blobs counting(at.parts.store().blobs);
    at.parts.blobs = &counting;
    at.open_index();
    at.parts.fill(200);
    CHECK(search(at, "BODY \"body 117\"") == "* SEARCH 117");
    CHECK(counting.reads >= 200);
    at.index_all();
    counting.reads = 0;
    CHECK(search(at, "BODY \"body 117\"") == "* SEARCH 117");
    CHECK(counting.reads <= 4);
    counting.reads = 0;
    CHECK(search(at, "SUBJECT nowhere") == "* SEARCH");
    CHECK(search(at, "TEXT nowhere UNSEEN") == "* SEARCH");
    CHECK(counting.reads == 0);
    at.parts.put("Subject: late\r\n\r\nbody 117 comes late\r\n");
    CHECK(search(at, "BODY \"body 117\"") == "* SEARCH 117 201");
}

TEST_CASE("imap index: NOT, OR and groups of texts are right with it") {
    imap_server at;
    at.open_index();
    at.parts.put("Subject: apple\r\n\r\npear\r\n");
    at.parts.put("Subject: pear\r\n\r\napple\r\n", mail::flags::seen);
    at.parts.put("Subject: grape\r\n\r\nmelon\r\n");
    at.index_all();
    CHECK(searched_both_ways(at, "NOT BODY apple") == "* SEARCH 1 3");
    CHECK(searched_both_ways(at, "OR BODY apple SUBJECT grape") == "* SEARCH 2 3");
    CHECK(searched_both_ways(at, "OR BODY absent SUBJECT missing") == "* SEARCH");
    CHECK(searched_both_ways(at, "NOT (BODY apple SUBJECT pear)") == "* SEARCH 1 3");
    CHECK(searched_both_ways(at, "NOT OR TEXT apple TEXT grape") == "* SEARCH");
    CHECK(searched_both_ways(at, "TEXT apple UNSEEN") == "* SEARCH 1");
    CHECK(searched_both_ways(at, "TEXT apple SEEN") == "* SEARCH 2");
    CHECK(searched_both_ways(at, "2:3 TEXT \"subject: p\"") == "* SEARCH 2");
    CHECK(searched_both_ways(at, "BODY ap") == "* SEARCH 2");
    CHECK(searched_both_ways(at, "HEADER Subject \"\"") == "* SEARCH 1 2 3");
    CHECK(searched_both_ways(at, "BODY " + literal("apple\r\n")) == "* SEARCH 2");
}

TEST_CASE("imap index: header lines that only a copy has are found") {
    imap_server at;
    at.open_index();
    const std::string octets = "Subject: one\r\n\r\nbody\r\n";
    at.parts.put(octets, 0, {}, "INBOX", "Return-Path: <ann@sender.example>\r\n");
    at.parts.put(octets, 0, {}, "INBOX", "Delivered-To: =?utf-8?Q?gr=C3=BC=C3=9Fe?=\r\n");
    at.parts.put(octets, 0, {}, "INBOX",
                 "Delivered-To: gr\xc3\xbc\xc3\x9f"
                 "e@b.example\r\n");
    at.parts.put(octets);
    at.parts.put(" folded on\r\n\r\nbody\r\n", 0, {}, "INBOX", "Delivered-To: someone\r\n");
    at.index_all();
    CHECK(searched_both_ways(at, "TEXT sender.example") == "* SEARCH 1");
    CHECK(searched_both_ways(at, "HEADER Return-Path ann@") == "* SEARCH 1");
    CHECK(searched_both_ways(at, "TEXT \"path: <ann\"") == "* SEARCH 1");
    CHECK(searched_both_ways(at, "CHARSET UTF-8 TEXT " + literal("GR\xc3\x9c")) == "* SEARCH 2 3");
    CHECK(searched_both_ways(at, "TEXT \"someone folded\"").starts_with("* SEARCH"));
}

TEST_CASE("imap index: a prefix that may hold a text is told from one that cannot") {
    CHECK(query::prefix_may_hold("Return-Path: <a@b>\r\n", "PATH: <A"));
    CHECK(query::prefix_may_hold("X: one\r\n two\r\n", "ONE TWO"));
    CHECK_FALSE(query::prefix_may_hold("X: one\r\n two\r\n", "ONE THREE"));
    CHECK_FALSE(query::prefix_may_hold("", "A"));
    CHECK(query::prefix_may_hold("X: =?utf-8?Q?abc?=\r\n", "ABC"));
    CHECK_FALSE(query::prefix_may_hold("X: =?utf-8?Q?abc?=\r\n", "UTF-8"));
}

TEST_CASE("imap index: a moved message is found where it is") {
    imap_server at;
    at.open_index();
    at.parts.put("Subject: x\r\n\r\nfirst words\r\n");
    at.parts.put("Subject: x\r\n\r\nother words\r\n");
    at.index_all();
    const auto find = [&at](const std::string& box) {
        const auto said = at.as_ann("1 SELECT " + box + "\r\n2 UID SEARCH BODY first\r\n");
        const auto from = said.find("* SEARCH");
        return said.substr(from, said.find("\r\n", from) - from);
    };
    at.in_inbox("1 MOVE 1 Archive\r\n");
    CHECK(find("Archive") == "* SEARCH 1");
    CHECK(find("INBOX") == "* SEARCH");
    at.index_all();
    CHECK(find("Archive") == "* SEARCH 1");
    CHECK(find("INBOX") == "* SEARCH");
    CHECK(at.index->indexed() == 2);
}

TEST_CASE("imap index: FUZZY is judged over prefix and octets together, with it as without it") {
    imap_server at;
    at.open_index();
    at.parts.put("Subject: quick\r\n\r\nx\r\n", 0, {}, "INBOX",
                 "Delivered-To: <internationalisation@a.example>\r\n");
    at.parts.put("Delivered-To: nalisation\r\n\r\nx\r\n", 0, {}, "INBOX",
                 "Delivered-To: internati\r\n");  // too little of it in each alone
    at.parts.put("Subject: slow\r\n\r\nx\r\n", 0, {}, "INBOX", "Delivered-To: nobody\r\n");
    const auto wanted = "FUZZY HEADER Delivered-To internationalization";
    const auto without = search(at, wanted);
    CHECK(without.find("* SEARCH 1") == 0);
    at.index_all();
    CHECK(search(at, wanted) == without);
    CHECK(search(at, "FUZZY TEXT internationalization") == "* SEARCH 1 2");
}

TEST_CASE("imap index: FUZZY finds what is alike, with scores, with it as without it (RFC 6203)") {
    imap_server at;
    at.open_index();
    at.parts.put("Subject: quick\r\n\r\nan internationalisation\r\n");
    at.parts.put("Subject: slow\r\n\r\nan internationalization\r\n", mail::flags::seen);
    at.parts.put("Subject: slow\r\n\r\na nation\r\n");
    at.index_all();
    at.parts.put("Subject: late\r\n\r\ninternationalisation, again\r\n");
    const auto ask = [&at](const std::string& keys) { return search(at, keys); };
    CHECK(ask("FUZZY BODY internationalisation") == "* SEARCH 1 2 4");
    CHECK(ask("FUZZY TEXT internationalisation UNSEEN") == "* SEARCH 1 4");
    CHECK(ask("FUZZY (BODY internationalisation SUBJECT slow)") == "* SEARCH 2");
    CHECK(ask("NOT FUZZY BODY internationalisation") == "* SEARCH 3");
    CHECK(ask("BODY internationalisation") == "* SEARCH 1 4");
    CHECK(ask("FUZZY BODY internationalisation SENTBEFORE 1-Jan-1970") == "* SEARCH");
    CHECK(ask("FUZZY SEEN") == "* SEARCH 2");
    CHECK(ask("FUZZY BODY na") == "* SEARCH 1 2 3 4");
    // 15 different trigrams; three are others in the second message.
    CHECK(ask("RETURN (ALL RELEVANCY) FUZZY BODY internationalisation") ==
          "* ESEARCH (TAG \"1\") ALL 1:2,4 RELEVANCY (100 80 100)");
    CHECK(ask("RETURN (RELEVANCY) FUZZY BODY nowhere-at-all") == "* ESEARCH (TAG \"1\")");
    const auto sorted = [&at](const std::string& wanted) {
        const auto said = at.in_inbox("1 SORT " + wanted + "\r\n");
        return said.substr(0, said.find("\r\n"));
    };
    const std::string keys = " UTF-8 FUZZY BODY internationalisation";
    CHECK(sorted("(RELEVANCY)" + keys) == "* SORT 1 4 2");
    CHECK(sorted("(REVERSE RELEVANCY)" + keys) == "* SORT 2 1 4");
    CHECK(sorted("RETURN (ALL RELEVANCY) (RELEVANCY)" + keys) ==
          "* ESEARCH (TAG \"1\") ALL 1,4,2 RELEVANCY (100 100 80)");
    CHECK(sorted("(RELEVANCY) UTF-8 ALL").starts_with("1 BAD RELEVANCY is for FUZZY"));
    for (const auto* other :
         {"FUZZY BODY internationalisation", "NOT FUZZY BODY internationalisation", "FUZZY BODY na",
          "FUZZY TEXT \"subject: quack\"", "FUZZY SUBJECT slowly", "OR FUZZY BODY nation SEEN"})
        searched_both_ways(at, other);
    at.uses_index = false;
    CHECK(ask("FUZZY BODY internationalisation") == "* SEARCH 1 2 4");
    CHECK(ask("RETURN (ALL RELEVANCY) FUZZY BODY internationalisation") ==
          "* ESEARCH (TAG \"1\") ALL 1:2,4 RELEVANCY (100 80 100)");
}

TEST_CASE("imap index: texts beyond all measure are found with it as without it") {
    imap_server at;
    at.open_index();
    std::mt19937 random(20261130);
    const auto text_of = [](std::size_t octets, auto piece) {
        std::string text = "Subject: large\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
        while (text.size() < octets) {
            for (int n = 0; n < 9; ++n)
                text += piece();
            text += "\r\n";
        }
        return text;
    };
    const auto one_word = [] { return std::string("buffalo "); };
    auto new_word = [n = std::uint64_t{0}]() mutable {
        return "w" + std::to_string(n++ * 7919) + " ";
    };
    const auto noise = [&random] {
        std::string some;
        for (int n = 0; n < 8; ++n)
            some += static_cast<char>('!' + random() % 90);
        return some;
    };
    const auto character = [&random] {
        const auto point = 0x4e00 + random() % 20'000;
        return std::string{static_cast<char>(0xe0 | point >> 12),
                           static_cast<char>(0x80 | (point >> 6 & 0x3f)),
                           static_cast<char>(0x80 | (point & 0x3f))};
    };
    at.parts.put(text_of(17'500'000, one_word) + "the last word is beyond what is searched\r\n");
    at.parts.put(text_of(9'000'000, new_word));  // a million of them
    at.parts.put(text_of(2'000'000, noise) + "quixotically\r\n");
    at.parts.put(text_of(1'500'000, character) + "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\r\n");
    at.parts.put("Subject: none\r\n\r\n");
    at.index_all();
    CHECK(at.index->indexed() == 5);
    CHECK(searched_both_ways(at, "BODY quixotically") == "* SEARCH 3");
    CHECK(searched_both_ways(at, "BODY \"buffalo buffalo\"") == "* SEARCH 1");
    CHECK(searched_both_ways(at, "BODY \"last word\"") == "* SEARCH");
    CHECK(searched_both_ways(at, "BODY w791900") == "* SEARCH 2");
    CHECK(searched_both_ways(
              at, "CHARSET UTF-8 BODY " + literal("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"))
              .ends_with("4"));
    CHECK(searched_both_ways(at, "BODY absent-from-all-of-them") == "* SEARCH");
}

TEST_CASE("imap index: 2,000 random mails are found with it as without it, also while it lags") {
    imap_server at;
    at.open_index();
    const auto* const wanted = std::getenv("HAUSPOST_SEED");
    const auto seed =
        wanted != nullptr ? static_cast<std::uint32_t>(std::atoll(wanted)) : std::random_device{}();
    const auto* const quick = std::getenv("HAUSPOST_SEARCHES");
    const int searches = quick != nullptr ? std::atoi(quick) : 8;
    CAPTURE(seed);
    mail_maker mail(seed);
    const auto put = [&](int messages) {
        for (; messages > 0; --messages)
            at.parts.put(mail.message(), mail.chance(2) ? mail::flags::seen : 0, {}, "INBOX",
                         mail.prefix());
    };
    const auto compare = [&] {
        for (int n = 0; n < searches; ++n)
            searched_both_ways(at, "CHARSET UTF-8 " + mail.keys());
    };
    put(1'500);
    at.index_all();
    compare();
    at.index->set_paused(true);
    put(500);
    at.in_inbox("1 COPY 1:200 INBOX\r\n2 STORE 100:300 +FLAGS (\\Deleted)\r\n3 EXPUNGE\r\n");
    compare();
    at.index->set_paused(false);
    at.index_all();
    compare();
}
