#include "protocols/message/charset.hpp"

#include "base/utf8.hpp"
#include "read_message.hpp"

#include <doctest/doctest.h>

using namespace hauspost::message;

TEST_SUITE("message charset") {
    TEST_CASE("common charsets become UTF-8") {
        CHECK(to_utf8("Gr\xfc\xdf"
                      "e",
                      "ISO-8859-1") == "Grüße");
        CHECK(to_utf8("\x80 5", "windows-1252") == "€ 5");
        CHECK(to_utf8("\xa4", "iso-8859-15") == "€");
        CHECK(to_utf8("\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251") == "Привет");
        CHECK(to_utf8("\xf0\xd2\xc9\xd7\xc5\xd4", "koi8-r") == "Привет");
        CHECK(to_utf8("\x1b$B$3$s\x1b(B", "ISO-2022-JP") == "こん");
        CHECK(to_utf8("\x82\xb1", "Shift_JIS") == "こ");
        CHECK(to_utf8("\xc4\xe3", "gb18030") == "你");
        CHECK(to_utf8("Grüße", "utf8") == "Grüße");
    }

    TEST_CASE("the name of a small charset stands for the larger one that writers mean") {
        for (const auto* name :
             {"gb2312", "gbk", "x-gbk", "GB_2312-80", "chinese", "csGB2312", "cp936", "euc-cn",
              "x-euc-cn", "cn-gb", "windows-936", "\"gb2312\"", " gbk;"})
            CHECK_MESSAGE(to_utf8("\xd6\xec\xe9\x46\xbb\xf9", name) == "朱镕基", name);
        for (const auto* name : {"euc-kr", "ks_c_5601-1987", "ksc5601", "korean", "cp949", "uhc",
                                 "windows-949", "x-windows-949", "cseuckr"})
            CHECK_MESSAGE(to_utf8("\x8c\x63\xb9\xe6", name) == "똠방", name);
        for (const auto* name : {"big5", "cn-big5", "x-x-big5", "csBig5", "big5-hkscs", "cp950"})
            CHECK_MESSAGE(to_utf8("\xb8\x66\xbb\x79\x9d\xf8", name) == "粵語啲", name);
        for (const auto* name : {"shift_jis", "x-sjis", "windows-31j", "cp932", "ms_kanji"})
            CHECK_MESSAGE(to_utf8("\x87\x40\xee\xe0\xfb\xfc", name) == "①髙髙", name);
        for (const auto* name : {"iso-8859-9", "latin5", "iso8859-9", "windows-1254", "x-cp1254"})
            CHECK_MESSAGE(to_utf8("\x93\xdd\xfe\x94", name) == "“İş”", name);
        for (const auto* name : {"tis-620", "iso-8859-11", "windows-874", "dos-874", "cp874"})
            CHECK_MESSAGE(to_utf8("\x85\xe4\xb7\xc2", name) == "…ไทย", name);
        for (const auto* name : {"iso-8859-1", "latin1", "l1", "cp819", "iso_8859-1:1987", "cp1252",
                                 "x-cp1252", "win-1252", "iso88591"})
            CHECK_MESSAGE(to_utf8("\x80\xe4", name) == "€ä", name);
        for (const auto* name : {"iso-8859-8", "iso-8859-8-i", "logical", "visual"})
            CHECK_MESSAGE(to_utf8("\xf9\xec\xe5\xed", name) == "שלום", name);
        CHECK(to_utf8("\xaa\xba", "iso-8859-16") == "Șș");
        CHECK(to_utf8("\xcf\xf0", "win1251") == "Пр");
        CHECK(to_utf8("\xc1\xa6", "koi8-ru") == "аі");
        CHECK(to_utf8("\xad\xa1", "cp51932") == "①");
        CHECK(to_utf8("\xad\xa1\x8e\xb1", "x-euc-jp") == "①ｱ");
        CHECK(to_utf8("\xb4", "x-mac-ukrainian") == "і");
        CHECK(to_utf8("\xfc", "unknown-8bit") == "ü");
    }

    TEST_CASE("text of seven bits with escape sequences is read leniently") {
        const auto jp = [](std::string_view octets) { return to_utf8(octets, "iso-2022-jp"); };
        CHECK(jp("\x1b$B\x1b(Ba\x1b$BF|\x1b(B\x1b$BK\\\x1b(B") == "a日本");  // empty segments
        CHECK(jp("\x1b$@F|\x1b(Ja\\\x1b(I1\x1b(B") == "日a\\ｱ");
        CHECK(jp("\x1b$B-!y!\x1b(B") == "①纊");   // rows of NEC
        CHECK(jp("\x1b$BF|\nK\\") == "日\nK\\");  // a line end ends a set
        CHECK(jp("\x1b$BF") == "\uFFFD");
        CHECK(jp("\x1b$BF\x1b(Bx") == "\uFFFDx");
        CHECK(jp("\x0e"
                 "1\x0f"
                 "1") == "ｱ1");
        CHECK(jp("\x1b$(D0!\x1b(B") == "丂");  // JIS X 0212
        CHECK(jp("\xb1") == "ｱ");              // kana of eight bits
        CHECK(jp("ü") == "ü");                 // it says so, and is UTF-8
        CHECK(jp("\x1bZ") == "\x1bZ");
        CHECK(to_utf8("\x1b$AVP\x1b$(C0!\x1b.A\x1bNi\x1b(B", "iso-2022-jp-2") == "中가é");
        CHECK(to_utf8("\x1b$)C\x0e\x30\x21\x0f a\n\x0e\x30\x21", "iso-2022-kr") == "가 a\n가");
        CHECK(to_utf8("\x1b$)A\x0e\x56\x50\x0f a", "iso-2022-cn") == "中 a");
        CHECK(to_utf8("~{<:Ky2;S{~}~~a~\n~{VP\nVP", "hz-gb-2312") ==
              "己所不欲"
              "~a中\nVP");
        CHECK(to_utf8("~{~}a", "HZ") == "a");
    }

    TEST_CASE("a converter that was left in the middle of a character begins anew") {
        CHECK(to_utf8("\xd6", "gbk") == "\uFFFD");
        CHECK(to_utf8("\xd6\xec", "gbk") == "朱");
    }

    TEST_CASE("D07: what is invalid becomes U+FFFD and never breaks UTF-8") {
        CHECK(to_utf8("a\xff"
                      "b",
                      "utf-8") == "a\uFFFDb");
        CHECK(to_utf8("\xc0\xaf", "utf-8") == "\uFFFD\uFFFD");
        CHECK(to_utf8("\x81", "windows-1252") == "\uFFFD");
        const char* const charsets[] = {"Big5",       "Shift_JIS",   "EUC-JP",      "EUC-KR",
                                        "gb18030",    "ISO-2022-JP", "ISO-2022-KR", "ISO-2022-CN",
                                        "HZ-GB-2312", "UTF-16",      "UTF-16LE",    "UTF-32BE",
                                        "iso-8859-6", "cesu-8"};
        const std::string inputs[] = {"\xa4",
                                      "\x1b$B\x24",
                                      "\x1b",
                                      "\x1b$",
                                      "\xd8\x00",
                                      "\xed\xa0\x80",
                                      repeated("\xff", 5000),
                                      repeated("\xd8\x3d", 3000),
                                      repeated("~{", 3000)};
        for (const auto* charset : charsets) {
            CHECK_MESSAGE(is_known_charset(charset), charset);
            for (const auto& input : inputs)
                CHECK(hauspost::utf8::is_valid(to_utf8(input, charset)));
        }
        CHECK(to_utf8("a\xa4", "Big5") == "a\uFFFD");
    }

    TEST_CASE("characters outside the basic plane survive the cut between two conversion steps") {
        for (std::size_t before = 2040; before < 2056; ++before) {
            std::string utf16;
            for (std::size_t i = 0; i < before; ++i)
                utf16 += std::string("a\0", 2);
            utf16 += std::string("\x3d\xd8\x00\xde", 4);
            CHECK(to_utf8(utf16, "utf-16le") == std::string(before, 'a') + "😀");
        }
    }

    TEST_CASE("D07: UTF-7 and its kind are no charsets, nor are names that look like paths") {
        for (const auto* name :
             {"utf-7", "UTF7", "unicode-1-1-utf-7", "IMAP-mailbox-name", "SCSU", "BOCU-1", "", "x",
              "../../../etc/passwd", "a b", "no-such-charset"})
            CHECK_MESSAGE(!is_known_charset(name), name);
        CHECK(!is_known_charset(repeated("a", 10'000)));
        CHECK(to_utf8("+ADw-script+AD4-", "utf-7") == "+ADw-script+AD4-");
    }

    TEST_CASE("an unknown charset is UTF-8 or else Latin-1") {
        CHECK(to_utf8("ü", "no-such") == "ü");
        CHECK(to_utf8("\xfc", "no-such") == "ü");
        CHECK(to_utf8("\xfc", "") == "ü");
    }

    TEST_CASE("RFC 5051 keys are equal for texts that differ in case or in composition") {
        CHECK(casemap_key("Hello 1") == "HELLO 1");
        CHECK(casemap_key("Grüße") == casemap_key("GRÜßE"));
        CHECK(casemap_key("é") == casemap_key("E\u0301"));
        CHECK(casemap_key("Привет") == casemap_key("ПРИВЕТ"));
        CHECK(casemap_key("ǆ") == casemap_key("Ǆ"));
        CHECK(casemap_key("ﬁ") == "fi");  // decomposed after it was titled, as RFC 5051 2 orders
        CHECK(casemap_key("a") != casemap_key("ä"));
        CHECK(casemap_key("\xff") == "\uFFFD");
        // Marks are put in order, whether they came with their letter or after it.
        CHECK(casemap_key("\u00e9\u0323") == casemap_key("e\u0323\u0301"));
        CHECK(casemap_key("x\u00e4y\u00e4") == "XA\u0308YA\u0308");
        CHECK(casemap_key("\xc3z") == "\uFFFDZ");
    }

    TEST_CASE("D06: combining marks without end are linear, a few are put in order") {
        CHECK(casemap_key("a\u0323\u0301") == casemap_key("a\u0301\u0323"));
        const auto key = casemap_key("a" + repeated("\u0301\u0323", 100'000));
        CHECK(key.size() == 400'001);
        CHECK(casemap_key(repeated("\u0344", 100'000)).size() == 400'000);
    }

    TEST_CASE("the key of a Latin letter alone is that of the letter among others") {
        for (unsigned code_point = 0x80; code_point < 0x250; ++code_point) {
            const std::string letter{static_cast<char>(0xc0 | code_point >> 6),
                                     static_cast<char>(0x80 | (code_point & 0x3f))};
            CHECK(casemap_key(letter + letter) == casemap_key(letter) + casemap_key(letter));
            CHECK(casemap_key("a" + letter + "b") == "A" + casemap_key(letter) + "B");
        }
    }
}
