#include "tests/fuzz/support/imap_rules.hpp"

namespace hauspost::fuzz {
namespace {

// A rule that is named more often in "command" comes more often.
constexpr std::string_view commands = R"(
opening
    LOGIN <user> pw;SELECT INBOX
    LOGIN <user> pw;ENABLE QRESYNC CONDSTORE;SELECT INBOX (QRESYNC (<uidvalidity> <modseq>))
    LOGIN <user> pw;ENABLE IMAP4rev2 UTF8=ACCEPT;SELECT INBOX
    LOGIN <user> pw;ENABLE UIDONLY QRESYNC;SELECT INBOX
    LOGIN <user> pw;NOTIFY SET STATUS (selected (MessageNew (UID PREVIEW) MessageExpunge FlagChange)) (personal (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange));SELECT INBOX
    LOGIN <user> pw;EXAMINE INBOX
    LOGIN <user> pw;SELECT Shared/<other>/INBOX
    LOGIN <user> pw;COMPRESS DEFLATE;SELECT INBOX
    LOGIN <user> pw | CAPABILITY
command
    NOOP | <fetch> | <fetch> | <fetch> | <store> | <store> | <search> | <search> | <sort>
    <thread> | <esearch> | CANCELUPDATE "<tag>" | CANCELUPDATE "<tag>" "t1" | <append>
    <append> | <replace> | <select> | SELECT INBOX | EXPUNGE | UID EXPUNGE <set> | <copy> | <list>
    <list> | LSUB <reference> <pattern> | XLIST <reference> <pattern>
    STATUS <mailbox> (<status-items>) | CREATE <mailbox><create-use> | DELETE <mailbox>
    RENAME <mailbox> <mailbox> | SUBSCRIBE <mailbox> | UNSUBSCRIBE <mailbox> | <quota>
    <metadata> | <metadata> | <acl> | <acl> | <notify> | <notify>
    UIDBATCHES <nz-number><batches> | ENABLE <enable-words> | IDLE<crlf><wait>DONE
    IDLE<crlf><wait>DONE | CHECK | CLOSE | UNSELECT | CAPABILITY | NAMESPACE | ID <id>
    SELECT INBOX | SELECT INBOX | COMPRESS DEFLATE | UNAUTHENTICATE | <login> | <authenticate> | STARTTLS | LOGOUT
login
    LOGIN <user> pw | LOGIN <user-name+> <password!> | LOGIN <user-name!> "pw"
    LOGIN <user> wrong | LOGIN busy@a.example pw
user-name
    <user>
password
    pw | wrong
authenticate
    AUTHENTICATE PLAIN AGFubkBhLmV4YW1wbGUAcHc=
    AUTHENTICATE PLAIN<crlf><wait>AGFubkBhLmV4YW1wbGUAcHc=
    AUTHENTICATE LOGIN<crlf><wait>YW5uQGEuZXhhbXBsZQ==<crlf><wait>cHc=
    AUTHENTICATE PLAIN = | AUTHENTICATE PLAIN<crlf><wait>*
    AUTHENTICATE PLAIN YQBhbm5AYS5leGFtcGxlAHB3
    AUTHENTICATE LOGIN YW5uQGEuZXhhbXBsZQ==<crlf><wait>cHc=
    AUTHENTICATE CRAM-MD5
enable-words
    <enable-word> | <enable-word> <enable-words>
enable-word
    CONDSTORE | QRESYNC | IMAP4rev2 | UTF8=ACCEPT | UIDONLY | X-UNKNOWN
id
    NIL | ("name" "x" "version" NIL) | () | (<name+> <text!>)
select
    SELECT <mailbox> | SELECT INBOX (CONDSTORE)
    SELECT INBOX (QRESYNC (<uidvalidity> <modseq-value><known>))
    EXAMINE <mailbox>
    SELECT <mailbox> (<select-parameters>)
    SELECT Shared/<other>/INBOX
select-parameters
    CONDSTORE
    QRESYNC (<uidvalidity> <modseq-value><known>)
    CONDSTORE QRESYNC (<nz-number> <modseq-value>)
known
    <>
     <known-set>
     <known-set> (<known-set> <known-set>)
     (1:3 1:3)
known-set
    1:5 | <nz-number> | <nz-number>,<known-set> | <nz-number>:<nz-number>
copy
    COPY <set> <mailbox> | UID COPY <set> <mailbox> | MOVE <set> <mailbox>
    UID MOVE <set> <mailbox>
    UID MOVE <set> Shared/<other>/INBOX
batches
    <> |  1:2 |  <nz-number>:<nz-number>
quota
    GETQUOTA "" | GETQUOTAROOT <mailbox> | GETQUOTA <astring> | SETQUOTA "" (STORAGE 512)
    SETQUOTA <astring> (STORAGE <number> MESSAGE <number>)
    SETQUOTA "" ()
)";

constexpr std::string_view values = R"(
number
    1 | 2 | 3 | 0 | 4 | 5 | 7 | 100 | 4294967295
nz-number
    1 | 2 | 3 | 4 | 5 | 7 | 100 | 4294967295
set
    1:* | <nz-number> | <nz-number>:<nz-number> | <nz-number>,<set> | * | $ | *:<nz-number>
    2:4
modseq-value
    <modseq> | 1 | 0 | <number> | 9223372036854775807
astring
    x | "x" | <text+> | <text!> | ""
text
    body | a | x y | "quoted\" | Grüße
name
    subject | x | From
mailbox
    INBOX | <box> | <box> | "<quoted-box>" | <box+> | <box!>
box
    x | x/y | Sent | y | Trash | inbox | x/y/z | &AOQ- | ä | Shared/<other>/INBOX
    Shared/<other>/x | Shared | Shared/<other> | x/
quoted-box
    x | a b | Grüße | &AOQ- b | INBOX/x | * | \"
system-flag
    \Seen | \Deleted | \Flagged | \Answered | \Draft
flag
    <system-flag> | <system-flag> | $Work | <keyword>
keyword
    $Work | k1 | k2 | NonJunk
flags
    <flag> | <flag> <flags>
date
    1-Jan-2026 | 2-Jan-2026 | "3-Jan-2026" | 23-Nov-1999
)";

constexpr std::string_view fetching = R"(
fetch
    FETCH <set> <fetch-items> | UID FETCH <set> <fetch-items> | UID FETCH <set> (<fetch-list>)
    FETCH <set> <fetch-items> (CHANGEDSINCE <modseq-value>)
    UID FETCH <set> <fetch-items> (CHANGEDSINCE <modseq-value> VANISHED)
    UID FETCH <set> <fetch-items> (PARTIAL <page>)
    UID FETCH <set> <fetch-items> (PARTIAL <page> CHANGEDSINCE <modseq-value> VANISHED)
fetch-items
    FLAGS | (<fetch-list>) | (<fetch-list>) | <fetch-item> | ALL | FAST | FULL
fetch-list
    <fetch-item> | <fetch-item> <fetch-list>
    <fetch-item> <fetch-item> <fetch-list>
fetch-item
    UID | FLAGS | INTERNALDATE | RFC822.SIZE | ENVELOPE | BODY | BODYSTRUCTURE | RFC822
    RFC822.HEADER | RFC822.TEXT | PREVIEW | PREVIEW (LAZY) | SAVEDATE | EMAILID | THREADID
    MODSEQ | BODY<peek>[<section>]<partial> | BODY<peek>[<section>]<partial>
    BODY<peek>[<section>]<partial> | BINARY<peek>[<part>]<partial>
    BINARY<peek>[<part>]<partial> | BINARY.SIZE[<part>]
peek
    .PEEK | <>
part
    <> | 1 | 2 | 1.1 | 2.1 | 2.2 | <nz-number>
    <nz-number>.<nz-number>.<nz-number>
section
    <> | HEADER | TEXT | <part> | <nz-number>.MIME | <nz-number>.HEADER | <nz-number>.TEXT
    2.1.MIME | HEADER.FIELDS (<field-names>) | HEADER.FIELDS.NOT (<field-names>)
    2.HEADER.FIELDS (<field-names>)
field-names
    SUBJECT | <field-name> | <field-name> <field-names>
field-name
    From | "to" | Subject | <name+> | Message-ID | X-*"
partial
    <> | <<0.10> | <<<number>.<nz-number>>
page
    1:2 | -1:-2 | <nz-number>:<nz-number> | -<nz-number>:-<nz-number>
store
    STORE <set> FLAGS (<flags>) | STORE <set> +FLAGS (<flags>)
    UID STORE <set> +FLAGS (<flags>)
    UID STORE <set> <store-item> <store-flags>
    STORE <set> <store-item> <store-flags>
    STORE <set> (UNCHANGEDSINCE <modseq-value>) <store-item> <store-flags>
    UID STORE <set> (UNCHANGEDSINCE <modseq-value>) <store-item> <store-flags>
    UID STORE <set> +FLAGS (\Deleted)
    STORE <set> <store-item> <store-flags> (UNCHANGEDSINCE <modseq-value>)
store-item
    FLAGS | +FLAGS | -FLAGS | FLAGS.SILENT | +FLAGS.SILENT | -FLAGS.SILENT
store-flags
    () | (<flags>) | <flags>
)";

constexpr std::string_view searching = R"(
search
    SEARCH <search-program> | UID SEARCH <search-program>
    SEARCH RETURN (<return-options>) <search-program>
    UID SEARCH RETURN (<return-options>) <search-program>
    UID SEARCH RETURN (SAVE) <search-keys>
    SEARCH RETURN () <search-keys>
    UID SEARCH RETURN (UPDATE) <search-keys>
search-program
    <search-keys> | CHARSET <charset> <search-keys>
charset
    UTF-8 | US-ASCII | ISO-8859-1 | KOI8-R | X-NONE | "UTF-8"
return-options
    <return-option>
    <return-option> <return-options>
return-option
    ALL | COUNT | MIN | MAX | SAVE | UPDATE | CONTEXT | PARTIAL <page> | RELEVANCY
search-keys
    ALL | <search-key> | <search-key> <search-keys>
search-key
    ALL | <flag-key> | <flag-key> | <text-key> <astring> | <text-key> body | <set> | UID <set>
    NOT <search-key> | OR <search-key> <search-key> | (<search-keys>) | FUZZY <search-key>
    HEADER <name> <astring> | HEADER Message-ID "" | KEYWORD <keyword> | UNKEYWORD <keyword>
    <date-key> <date> | LARGER <number> | SMALLER <number> | OLDER <nz-number>
    YOUNGER <nz-number> | UIDAFTER <nz-number> | UIDBEFORE <nz-number> | MODSEQ <modseq-value>
    MODSEQ "/flags/\\Seen" all <modseq-value>
    EMAILID <emailid> | THREADID <threadid>
flag-key
    SEEN | UNSEEN | ANSWERED | UNANSWERED | DELETED | UNDELETED | DRAFT | UNDRAFT | FLAGGED
    UNFLAGGED | RECENT | NEW | OLD | SAVEDATESUPPORTED
text-key
    TEXT | BODY | SUBJECT | FROM | TO | CC | BCC
date-key
    ON | BEFORE | SINCE | SENTON | SENTBEFORE | SENTSINCE | SAVEDON | SAVEDBEFORE | SAVEDSINCE
sort
    SORT (<sort-keys>) UTF-8 <search-keys>
    UID SORT (<sort-keys>) <charset> <search-keys>
    SORT RETURN (<return-options>) (<sort-keys>) UTF-8 <search-keys>
    UID SORT RETURN (<return-options>) (<sort-keys>) UTF-8 <search-keys>
    UID SORT RETURN (UPDATE) (<sort-keys>) UTF-8 ALL
sort-keys
    <sort-key> | <sort-key> <sort-keys>
sort-key
    ARRIVAL | REVERSE <sort-key> | CC | DATE | DISPLAYFROM | DISPLAYTO | FROM | SIZE | SUBJECT
    TO | RELEVANCY
thread
    THREAD REFERENCES UTF-8 <search-keys>
    THREAD ORDEREDSUBJECT UTF-8 <search-keys>
    UID THREAD REFERENCES <charset> <search-keys>
    UID THREAD ORDEREDSUBJECT UTF-8 <search-keys>
esearch
    ESEARCH IN (personal) <search-keys>
    ESEARCH <search-keys>
    ESEARCH IN (<sources>) RETURN (<return-options>) <search-program>
    ESEARCH IN (<sources>) <search-keys>
    ESEARCH IN (selected) RETURN (SAVE) <search-keys>
sources
    <source> | <source> <sources>
source
    selected | inboxes | personal | subscribed | mailboxes <mailbox> | mailboxes (<mailboxes>)
    subtree <mailbox> | subtree-one (<mailboxes>)
mailboxes
    <mailbox> | <mailbox> <mailboxes>
)";

constexpr std::string_view appending = R"(
append
    APPEND <mailbox> <message+>
    APPEND <mailbox> <append-options><message!>
    APPEND INBOX <append-messages> | APPEND <mailbox> <append-messages>
    APPEND <mailbox> <append-options>CATENATE (<cat-parts>)
    APPEND INBOX CATENATE (<cat-parts>) <append-messages>
replace
    REPLACE <nz-number> INBOX <append-options><message+>
    UID REPLACE <nz-number> <mailbox> <append-options><message!>
    UID REPLACE <nz-number> INBOX CATENATE (<cat-parts>)
append-messages
    <append-message> | <append-message> <append-messages>
append-message
    <append-options><message+> | <append-options><message!> | <append-options><message~>
    UTF8 (<message~>)
    <append-options>CATENATE (<cat-parts>)
append-options
    <> | (<flags>) <> | "23-Nov-2026 10:00:00 +0100" <>
    (<flags>) " 1-Jan-1970 00:00:00 -1200" <>
    () <>
cat-parts
    <cat-part> | <cat-part> <cat-parts>
cat-part
    TEXT <message+> | TEXT <message!> | URL "<url>" | URL <url+> | URL <url!>
    UTF8 (<message~>) | TEXT <body+>
url
    /INBOX/;UID=1 | ;UID=<nz-number>
    /INBOX;UIDVALIDITY=<uidvalidity>/;UID=<nz-number>/;SECTION=<url-section>
    /INBOX/;UID=<nz-number>/;SECTION=<url-section>/;PARTIAL=<number>.<nz-number>
    /x/;UID=1 | imap://x/;UID=1
url-section
    1 | HEADER | TEXT | 1.MIME | 2.1 | HEADER.FIELDS%20(SUBJECT)
message
    Subject: s<crlf><crlf>body<crlf> | <header><crlf><body> | <header><crlf><body>
    MIME-Version: 1.0<crlf><entity> | Subject: x<crlf><entity> | x | <> | <crlf>
    Subject: no end
header
    <field><crlf> | <field><crlf><header>
field
    Subject: Re: a
    Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
    From: "A B" <<ann@a.example>
    To: g: a@x, =?iso-8859-1?q?=E4?= <<b@x>;, c@x
    Cc: ü <<ü@x> | Message-ID: <<<nz-number>@x>
    References: <<1@x> <<2@x> <<<nz-number>@x>
    In-Reply-To: <<1@x>
    Date: Fri, 2 Jan 2026 03:04:05 +0000
    Date: 31 Dec 99 23:59 PST | X-<name>: <text> | Content-Language: de, en
    Content-Disposition: attachment; filename*=utf-8''a%20b; size=3
entity
    Content-Type: text/plain; charset=utf-8<crlf><crlf>text ü<crlf>
    Content-Type: text/html<crlf><crlf><<p>one &amp; <<b>two<</b><crlf>
    Content-Type: text/plain; charset=iso-8859-1<crlf>Content-Transfer-Encoding: <encoding><crlf><crlf>aGVs=E4bG8=<crlf>
    Content-Type: multipart/mixed; boundary=x<crlf><crlf>--x<crlf><entity><crlf>--x<crlf><entity><crlf>--x--<crlf>
    Content-Type: multipart/alternative; boundary="y"<crlf><crlf>--y<crlf><entity><crlf>--y<crlf><crlf>plain<crlf>
    Content-Type: message/rfc822<crlf><crlf><header><entity>
    Content-Type: application/octet-stream; name="f"<crlf>Content-Transfer-Encoding: base64<crlf><crlf>AAECAw==<crlf>
    Content-Type: multipart/signed; boundary=<crlf><crlf>
encoding
    base64 | quoted-printable | 8bit | binary | x-unknown
body
    body text<crlf> | .<crlf>..<crlf>
    line one<crlf><crlf>line three without end
    lone<crlf>Grüße<crlf>
)";

constexpr std::string_view mailboxes = R"(
list
    LIST "" * | LIST <reference> <pattern>
    LIST <list-selection><reference> <pattern> RETURN (<list-returns>)
    LIST <list-selection>"" (<patterns>)
    LIST "" (<patterns>) RETURN (<list-returns>)
    LIST "" ""
list-selection
    <> | (SUBSCRIBED) <> | (REMOTE) <> | (SPECIAL-USE) <> | (SUBSCRIBED RECURSIVEMATCH) <>
    () <>
list-returns
    <list-return>
    <list-return> <list-returns>
list-return
    SUBSCRIBED | CHILDREN | SPECIAL-USE | STATUS (<status-items>) | MYRIGHTS
    METADATA (/private/comment /shared/comment)
    METADATA (<entries>)
status-items
    MESSAGES UNSEEN | <status-item> | <status-item> <status-items>
status-item
    MESSAGES | RECENT | UIDNEXT | UIDVALIDITY | UNSEEN | DELETED | SIZE | DELETED-STORAGE
    MAILBOXID | APPENDLIMIT | HIGHESTMODSEQ
reference
    "" | x | "x/" | Shared | <mailbox>
pattern
    * | % | x/% | "*" | "Shared/%/%" | <glob+> | <glob!>
glob
    * | % | *%*/%*y | &AOQ-*
patterns
    <pattern> | <pattern> <patterns>
create-use
    <> |  (USE (\Sent)) |  (USE (\Archive \Junk)) |  (USE (\Unknown)) |  (USE ())
metadata
    GETMETADATA <mailbox> /private/comment
    GETMETADATA "" (<entries>)
    GETMETADATA (<get-options>) <mailbox> (<entries>)
    GETMETADATA <mailbox> (<get-options>) (<entries>)
    SETMETADATA <mailbox> (<entry-values>)
    SETMETADATA "" (<entry-values>) | SETMETADATA INBOX (<entry-values>)
get-options
    DEPTH infinity | DEPTH 1 | DEPTH 0 | MAXSIZE <number> | MAXSIZE <number> DEPTH 1
entries
    <entry> | <entry> <entries>
entry
    /private/comment | /shared/comment | /private/vendor/x/y | "/shared/vendor/x" | /private
    <entry-name+>
entry-name
    /private/comment | /PRIVATE/Comment
entry-values
    <entry> <value> | <entry> <value> <entry-values>
value
    "x" | NIL | <text+> | <text!> | <binary~>
binary
    <text> | a<crlf>b
acl
    MYRIGHTS <mailbox> | GETACL <mailbox> | LISTRIGHTS <mailbox> <identifier>
    SETACL <mailbox> <identifier> <rights>
    SETACL INBOX <identifier> <rights> | SETACL x <identifier> lrswipkxtea
    DELETEACL <mailbox> <identifier>
identifier
    <other> | <user> | anyone | "-<other>" | <text+> | nobody@a.example
rights
    lrs | lrswipkxtea | +<right> | -<right> | "" | <right> | lrswite
right
    l | r | s | w | i | p | k | x | t | e | a | c | d
notify
    NOTIFY NONE
    NOTIFY SET <notify-status>(selected<delayed> (MessageNew (<fetch-list>) MessageExpunge FlagChange))
    NOTIFY SET <notify-status>(<notify-where> (<events>))
    NOTIFY SET <notify-status>(selected (MessageNew MessageExpunge)) <groups>
    NOTIFY SET <groups>
notify-status
    <> | STATUS <>
delayed
    <> | -delayed
groups
    <group> | <group> <groups>
group
    (<notify-where> (<events>)) | (<notify-where> NONE)
notify-where
    personal | inboxes | subscribed | mailboxes <mailbox> | mailboxes (<mailboxes>)
    subtree <mailbox> | selected
events
    MessageNew MessageExpunge
    MessageNew MessageExpunge FlagChange
    MailboxName | SubscriptionChange
    MessageNew MessageExpunge MailboxName SubscriptionChange
    MailboxMetadataChange ServerMetadataChange | AnnotationChange
)";

}  // namespace

const grammar& imap_grammar() {
    static const grammar rules = [] {
        std::string all;
        for (const auto text : {commands, values, fetching, searching, appending, mailboxes})
            all += text;
        return grammar(all);
    }();
    return rules;
}

}  // namespace hauspost::fuzz
