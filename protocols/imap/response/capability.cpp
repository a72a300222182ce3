#include "protocols/imap/response/capability.hpp"

namespace hauspost::imap {

bool may_log_in(const capability_state& state) noexcept {
    return state.is_encrypted || state.may_login_in_the_clear;
}

std::string capabilities(const capability_state& state) {
    std::string words = "IMAP4rev1 IMAP4rev2";
    words += state.literal_minus ? " LITERAL-" : " LITERAL+";
    words += " ID ENABLE IDLE";
    if (state.is_logged_in) {
        words +=
            " NAMESPACE CHILDREN UNSELECT UIDPLUS MOVE SPECIAL-USE CREATE-SPECIAL-USE"
            " LIST-EXTENDED LIST-STATUS STATUS=SIZE XLIST QUOTA QUOTA=RES-STORAGE";
        words +=
            " ESEARCH SEARCHRES WITHIN PARTIAL CONTEXT=SEARCH CONTEXT=SORT MULTISEARCH INPROGRESS"
            " SORT SORT=DISPLAY"
            " ESORT THREAD=ORDEREDSUBJECT"
            " THREAD=REFERENCES I18NLEVEL=1";
        words += " PREVIEW SAVEDATE OBJECTID";
        words += " NOTIFY MULTIAPPEND CATENATE REPLACE BINARY UTF8=ACCEPT UNAUTHENTICATE";
        // RFC 4978 3 leaves the state open. Before login nobody answers for the memory it takes.
        if (!state.is_compressing) words += " COMPRESS=DEFLATE";
        words += " APPENDLIMIT=" + std::to_string(state.append_limit);
        if (state.message_limit != 0)
            words += " MESSAGELIMIT=" + std::to_string(state.message_limit);
        words += " CONDSTORE QRESYNC UIDONLY UIDBATCHES";
        words += " METADATA LIST-METADATA ACL RIGHTS=texk LIST-MYRIGHTS";
        if (state.has_index) words += " SEARCH=FUZZY";
        return words;
    }
    words += " SASL-IR";
    if (state.can_start_tls && !state.is_encrypted) words += " STARTTLS";
    words += may_log_in(state) ? " AUTH=PLAIN AUTH=LOGIN" : " LOGINDISABLED";
    return words;
}

}  // namespace hauspost::imap
