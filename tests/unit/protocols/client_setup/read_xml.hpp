#pragma once

#include <expat.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::test {

/// A document as expat reads it: "a/b[id=x]/c=text" for each element, in the order of their ends;
/// text without the white space around it. Throws std::runtime_error for what is not well-formed.
class xml_lines {
public:
    static std::vector<std::string> of(std::string_view document) {
        xml_lines reader;
        const auto parser = XML_ParserCreate(nullptr);
        XML_SetUserData(parser, &reader);
        XML_SetElementHandler(parser, begin, end);
        XML_SetCharacterDataHandler(parser, text);
        const auto done =
            XML_Parse(parser, document.data(), static_cast<int>(document.size()), XML_TRUE);
        const auto why = XML_GetErrorCode(parser);
        XML_ParserFree(parser);
        if (done != XML_STATUS_OK) throw std::runtime_error(XML_ErrorString(why));
        return reader.lines_;
    }

private:
    struct element {
        std::string name, text;
        bool has_children = false;
    };

    static void begin(void* self, const char* name, const char** attributes) {
        auto& open = static_cast<xml_lines*>(self)->open_;
        if (!open.empty()) open.back().has_children = true;
        std::string shown = name;
        for (; *attributes != nullptr; attributes += 2)
            shown += "[" + std::string(attributes[0]) + "=" + attributes[1] + "]";
        open.push_back({shown, "", false});
    }
    static void end(void* self, const char*) {
        auto& reader = *static_cast<xml_lines*>(self);
        std::string path;
        for (const auto& one : reader.open_)
            path += (path.empty() ? "" : "/") + one.name;
        const auto& last = reader.open_.back();
        if (!last.has_children) reader.lines_.push_back(path + "=" + last.text);
        reader.open_.pop_back();
    }
    static void text(void* self, const char* octets, int size) {
        static_cast<xml_lines*>(self)->open_.back().text.append(octets,
                                                                static_cast<std::size_t>(size));
    }

    std::vector<element> open_;
    std::vector<std::string> lines_;
};

}  // namespace hauspost::test
