#include "protocols/message/base_subject.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace hauspost::message {
namespace {

std::string joined_white_space(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (!blank)
            out.push_back(c);
        else if (!out.ends_with(' '))
            out.push_back(' ');
    }
    return out;
}

void skip_blanks(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
}

/// subj-blob = "[" *BLOBCHAR "]" *WSP
bool take_blob(std::string_view& text) {
    if (!text.starts_with('[')) return false;
    const auto end = text.find_first_of("[]", 1);
    if (end == std::string_view::npos || text[end] != ']') return false;
    text.remove_prefix(end + 1);
    skip_blanks(text);
    return true;
}

/// subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"
bool take_refwd(std::string_view& text) {
    auto rest = text;
    if (ascii::starts_with_nocase(rest, "re"))
        rest.remove_prefix(2);
    else if (ascii::starts_with_nocase(rest, "fwd"))
        rest.remove_prefix(3);
    else if (ascii::starts_with_nocase(rest, "fw"))
        rest.remove_prefix(2);
    else
        return false;
    skip_blanks(rest);
    take_blob(rest);
    if (!rest.starts_with(':')) return false;
    rest.remove_prefix(1);
    skip_blanks(rest);
    text = rest;
    return true;
}

/// Step 2: trailing white space and "(fwd)".
bool take_trailers(std::string_view& text) {
    bool found = false;
    for (;;) {
        while (text.ends_with(' '))
            text.remove_suffix(1);
        if (text.size() < 5 || !ascii::equal_nocase(text.substr(text.size() - 5), "(fwd)"))
            return found;
        text.remove_suffix(5);
        found = true;
    }
}

/// Steps 3 to 5. The blobs before a text are looked at once: when no "re:" comes after them, all
/// but the last may go, and that one too unless it is all there is.
bool take_leaders(std::string_view& text) {
    bool found = false;
    for (;;) {
        skip_blanks(text);
        auto after_blobs = text;
        auto last_blob = text;
        for (auto before = text; take_blob(after_blobs); before = after_blobs)
            last_blob = before;
        if (take_refwd(after_blobs)) {
            text = after_blobs;
            found = true;
            continue;
        }
        text = after_blobs.empty() ? last_blob : after_blobs;
        return found;
    }
}

}  // namespace

base_subject_result base_subject(std::string_view subject) {
    const auto joined = joined_white_space(subject);
    std::string_view text = joined;
    base_subject_result result;
    for (;;) {
        result.is_reply_or_forward |= take_trailers(text);
        result.is_reply_or_forward |= take_leaders(text);
        // Step 6: "[fwd: ... ]"
        if (!ascii::starts_with_nocase(text, "[fwd:") || !text.ends_with(']')) break;
        text.remove_prefix(5);
        text.remove_suffix(1);
        result.is_reply_or_forward = true;
    }
    result.text = std::string(text);
    return result;
}

}  // namespace hauspost::message
