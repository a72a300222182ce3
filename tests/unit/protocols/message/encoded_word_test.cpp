#include "protocols/message/encoded_word.hpp"

#include "base/utf8.hpp"
#include "read_message.hpp"

#include <doctest/doctest.h>

using namespace hauspost::message;

TEST_SUITE("message encoded words") {
    TEST_CASE("the examples of RFC 2047 8 are shown as it says") {
        const std::pair<const char*, const char*> examples[] = {
            {"(=?ISO-8859-1?Q?a?=)", "(a)"},
            {"(=?ISO-8859-1?Q?a?= b)", "(a b)"},
            {"(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)"},
            {"(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", "(ab)"},
            {"(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)", "(ab)"},
            {"(=?ISO-8859-1?Q?a_b?=)", "(a b)"},
            {"(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)"},
            {"=?US-ASCII?Q?Keith_Moore?=", "Keith Moore"},
            {"=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=", "Keld Jørn Simonsen"},
            {"=?ISO-8859-1?Q?Andr=E9?= Pirard", "André Pirard"},
            {"=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n"
             " =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
             "If you can read this you understand the example."},
            {"=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=", "םולש ןב ילטפנ"},
        };
        for (const auto& [raw, shown] : examples)
            CHECK(decode_encoded_words(raw) == shown);
    }

    TEST_CASE("a language tag is passed over") {
        CHECK(decode_encoded_words("=?US-ASCII*EN?Q?Keith_Moore?=") == "Keith Moore");
    }

    TEST_CASE("a character cut between two words is put together") {
        CHECK(decode_encoded_words("=?utf-8?Q?=C3?= =?UTF-8?Q?=BC?=") == "ü");
        CHECK(decode_encoded_words("=?utf-8?B?w7w?= =?utf-8?Q?=C3=BC?=") == "üü");
    }

    TEST_CASE("words of ISO-2022-JP each begin and end in ASCII, and are one text") {
        CHECK(decode_encoded_words(
                  "=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=\r\n =?iso-2022-jp?B?GyRCOGwbKEI=?="
                  "\r\n\t=?ISO-2022-JP?Q?=1B$B%F%9%H=1B(B?=") == "日本語テスト");
        // The second goes on where the first should have gone back to ASCII.
        CHECK(decode_encoded_words("=?ISO-2022-JP?Q?=1B$BF|?= =?ISO-2022-JP?Q?K\\=1B(B?=") ==
              "日本");
    }

    TEST_CASE("words whose writer did not know the charset are shown") {
        CHECK(decode_encoded_words("=?unknown-8bit?Q?Gr=FC=DFe?=") == "Grüße");
        CHECK(decode_encoded_words("=?x-unknown?Q?Gr=C3=BC=C3=9Fe?=") == "Grüße");
    }

    TEST_CASE("raw octets are UTF-8 or else Latin-1") {
        CHECK(decode_encoded_words("Gr\xc3\xbc\xc3\x9f"
                                   "e") == "Grüße");
        CHECK(decode_encoded_words("Gr\xfc\xdf"
                                   "e") == "Grüße");
    }

    TEST_CASE("D04: broken words and unknown charsets stay as they are") {
        for (const auto* text :
             {"=?", "=?utf-8", "=?utf-8?", "=?utf-8?Q", "=?utf-8?Q?", "=?utf-8?Q?a", "=?utf-8?Q?a?",
              "=?utf-8?X?a?=", "=??Q?a?=", "=?no-such-charset?Q?a?=", "=?utf-7?Q?+ADw-?=",
              "=?../../etc/passwd?Q?a?=", "=?utf-8?B?a b?="})
            CHECK(decode_encoded_words(text) == text);
        CHECK(decode_encoded_words("=?utf-8?Q?=?=") == "=");
        CHECK(decode_encoded_words("=?utf-8?Q?=4?=") == "=4");
        CHECK(decode_encoded_words("=?utf-8?B?!!!?=") == "");
    }

    TEST_CASE("D04: a word inside a decoded word is not decoded again") {
        CHECK(decode_encoded_words("=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?=") == "=?utf-8?Q?a?=");
    }

    TEST_CASE("D04: control characters that were encoded are removed") {
        CHECK(decode_encoded_words("=?utf-8?Q?a=0D=0AX:_b=00=1B=7F=C2=85c?=") == "a  X: bc");
        CHECK(decode_encoded_words("=?utf-8?B?cG90dXNAZXhhbXBsZS5jb20ACg==?=") ==
              "potus@example.com ");
    }

    TEST_CASE("D04: a hundred thousand words are linear") {
        CHECK(decode_encoded_words(repeated("=?utf-8?Q?a?= ", 100'000)).size() == 100'000);
        CHECK(decode_encoded_words(repeated("=?utf-8?Q?a", 100'000)).size() == 1'100'000);
        CHECK(decode_encoded_words(repeated("=?", 500'000)).size() == 1'000'000);
        CHECK(decode_encoded_words(repeated("=?x-none?Q?a?= ", 100'000)).size() == 1'499'999);
    }

    TEST_CASE("text is encoded in words of at most 75 octets that decode to the same") {
        const std::string texts[] = {"Grüße aus Köln",
                                     "日本語" + repeated("のテスト", 40),
                                     "=?",
                                     "a\x01z",
                                     repeated("ü", 100),
                                     repeated("x", 200) + "ü",
                                     "😀" + repeated("a😀", 60)};
        for (const auto& text : texts) {
            const auto words = encode_encoded_words(text);
            CHECK(hauspost::utf8::is_ascii(words));
            CHECK(words.find_first_of("\r\n") == std::string::npos);
            for (std::size_t begin = 0; begin < words.size();) {
                const auto end = std::min(words.find(' ', begin), words.size());
                CHECK(end - begin <= 75);
                begin = end + 1;
            }
            CHECK(decode_encoded_words(words) == without_controls(text));
        }
    }

    TEST_CASE("plain text is left alone") {
        CHECK(encode_encoded_words("Hello, (world) \"x\"") == "Hello, (world) \"x\"");
        CHECK(encode_encoded_words("") == "");
    }

    TEST_CASE("octets that are no UTF-8 are encoded without end") {
        CHECK(!encode_encoded_words(repeated("\x80", 500)).empty());
        CHECK(!encode_encoded_words(repeated("\xf0", 500)).empty());
    }
}
