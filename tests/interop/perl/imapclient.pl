#!/usr/bin/perl
# Steps of a mail program over Mail::IMAPClient; the caller names the scenario.
#
#   imapclient.pl ADDRESS PORT CERTIFICATE USER PASSWORD SCENARIO
#
# Ends with 1 and the library's last error at the first step that fails.
use strict;
use warnings;
use IO::Socket::SSL;
use Mail::IMAPClient;

my ($address, $port, $certificate, $user, $password, $scenario) = @ARGV;
my %tls = (SSL_ca_file => $certificate, SSL_verifycn_name => "mail.example.test",
    SSL_verify_mode => SSL_VERIFY_PEER);

sub client {
    my (%options) = @_;
    return Mail::IMAPClient->new(
        Server => $address, Port => $port, User => $user, Password => $password,
        Ssl => [%tls], Uid => 1, Timeout => 30, %options)
        || die "connect: $@\n";
}

# The value of a call that must not fail.
# The prototypes ask each call for a scalar.
sub ok($$;$) {
    my ($what, $value, $imap) = @_;
    die "$what: " . ($imap ? $imap->LastError // "" : "") . "\n" unless $value;
    return $value;
}

sub is($$$) {
    my ($what, $have, $want) = @_;
    die "$what: '$have', expected '$want'\n" unless $have eq $want;
}

sub mail {
    my ($subject, $date, $from, $more) = @_;
    return "From: " . ($from // "sender\@elsewhere.test") . "\r\nTo: $user\r\n"
        . "Date: $date\r\nSubject: $subject\r\n" . ($more // "")
        . "\r\nText of $subject.\r\n";
}

my %scenarios;

$scenarios{folders} = sub {
    my $imap = client();
    is("separator", $imap->separator, "/");
    for my $name ("Perl", "Perl/Inner", 'With "quotes" and \\', "Gr&APwA3w-e") {
        ok("create $name", $imap->create($name), $imap);
        ok("exists $name", $imap->exists($name), $imap);
        ok("subscribe $name", $imap->subscribe($name), $imap);
    }
    my %have = map { $_ => 1 } $imap->folders;
    my %subscribed = map { $_ => 1 } $imap->subscribed;
    for my $name ("INBOX", "Perl", "Perl/Inner", 'With "quotes" and \\', "Gr&APwA3w-e") {
        ok("$name is listed", $have{$name});
        ok("$name is subscribed", $name eq "INBOX" || $subscribed{$name});
    }
    ok("Perl is a parent", $imap->is_parent("Perl"), $imap);
    ok("rename", $imap->rename("Perl/Inner", "Perl/Moved"), $imap);
    ok("the old name is gone", !$imap->exists("Perl/Inner"));
    ok("unsubscribe", $imap->unsubscribe("Perl/Moved"), $imap) if $imap->exists("Perl/Moved");
    for my $name ("Perl/Moved", "Perl", 'With "quotes" and \\', "Gr&APwA3w-e") {
        ok("delete $name", $imap->delete($name), $imap);
    }
    ok("SPECIAL-USE", $imap->has_capability("SPECIAL-USE"), $imap);
    ok("logout", $imap->logout, $imap);
};

$scenarios{messages} = sub {
    my $imap = client();
    ok("create", $imap->create("Perl mail"), $imap);
    my @uids = map {
        ok("append $_", $imap->append_string("Perl mail", mail("number $_",
            "Mon, 0$_ Jun 2026 10:00:00 +0000")), $imap)
    } 1 .. 4;
    ok("select", $imap->select("Perl mail"), $imap);
    is("count", $imap->message_count, 4);
    is("uids", join(",", $imap->messages), join(",", @uids));
    is("octets", $imap->message_string($uids[1]),
        mail("number 2", "Mon, 02 Jun 2026 10:00:00 +0000"));
    is("size", $imap->size($uids[1]), length mail("number 2", "Mon, 02 Jun 2026 10:00:00 +0000"));
    is("subject", $imap->subject($uids[2]), "number 3");
    is("body", $imap->body_string($uids[0]), "Text of number 1.\r\n");

    ok("see", $imap->see($uids[0]), $imap);
    ok("seen", grep({ $_ == $uids[0] } $imap->seen), $imap);
    ok("flag", $imap->set_flag("Flagged", $uids[3]), $imap);
    ok("keyword", $imap->store($uids[3], '+FLAGS ($Forwarded)'), $imap);
    is("flags", join(" ", sort grep { !/Recent/ } @{ ok("flags", $imap->flags($uids[3]), $imap) }),
        '$Forwarded \Flagged');
    ok("unflag", $imap->unset_flag("Flagged", $uids[3]), $imap);
    is("flags", join(" ", sort grep { !/Recent/ } @{ $imap->flags($uids[3]) }), '$Forwarded');

    # A plain string is quoted where it is no search key; a reference goes as it is.
    is("search subject", join(",", $imap->search(SUBJECT => "number 2")), $uids[1]);
    is("search body", join(",", $imap->search(BODY => "of number 4")), $uids[3]);
    is("search or", join(",", $imap->search(\'OR SUBJECT "number 1" SUBJECT "number 3"')),
        join(",", @uids[0, 2]));
    is("since", join(",", $imap->search("SENTSINCE 3-Jun-2026")), join(",", @uids[2, 3]));

    my $structure = ok("structure", $imap->get_bodystructure($uids[0]), $imap);
    is("type", lc($structure->bodytype . "/" . $structure->bodysubtype), "text/plain");
    my $envelope = ok("envelope", $imap->get_envelope($uids[0]), $imap);
    is("envelope subject", $envelope->subject, "number 1");

    ok("copy", $imap->copy("Archive", $uids[0]), $imap);
    ok("move", $imap->move("Archive", $uids[1]), $imap);
    ok("expunge", $imap->expunge, $imap);
    ok("delete", $imap->delete_message($uids[2]), $imap);
    ok("expunge", $imap->expunge, $imap);
    is("left", join(",", $imap->messages), join(",", @uids[0, 3]));
    ok("select", $imap->select("Archive"), $imap);
    is("archived", join(",", map { $imap->subject($_) } $imap->messages), "number 1,number 2");
    ok("close", $imap->close, $imap);
    ok("delete", $imap->delete("Perl mail"), $imap);
    ok("logout", $imap->logout, $imap);
};

$scenarios{sort_and_thread} = sub {
    my $imap = client();
    for my $word ("SORT", "THREAD=REFERENCES", "THREAD=ORDEREDSUBJECT") {
        ok("$word is announced", $imap->has_capability($word), $imap);
    }
    ok("create", $imap->create("Perl sort"), $imap);
    my @uids = map { ok("append", $imap->append_string("Perl sort", $_), $imap) } (
        mail("banana", "Wed, 03 Jun 2026 10:00:00 +0000", 'carl@elsewhere.test',
            "Message-ID: <one\@perl.test>\r\n"),
        mail("Re: banana", "Fri, 05 Jun 2026 10:00:00 +0000", 'ann@elsewhere.test',
            "Message-ID: <two\@perl.test>\r\nReferences: <one\@perl.test>\r\n"),
        mail("apple", "Mon, 01 Jun 2026 10:00:00 +0000", 'bob@elsewhere.test',
            "Message-ID: <three\@perl.test>\r\n"));
    ok("select", $imap->select("Perl sort"), $imap);
    is("by date", join(",", $imap->sort("DATE", "UTF-8", "ALL")), join(",", @uids[2, 0, 1]));
    is("by subject", join(",", $imap->sort("SUBJECT DATE", "UTF-8", "ALL")),
        join(",", @uids[2, 0, 1]));
    is("by sender", join(",", $imap->sort("REVERSE FROM", "UTF-8", "ALL")),
        join(",", @uids[0, 2, 1]));
    my $threads = ok("thread", $imap->thread("REFERENCES", "UTF-8", "ALL"), $imap);
    is("threads", join(";", map { join(",", @$_) } @$threads), "$uids[2];$uids[0],$uids[1]");
    $threads = ok("thread", $imap->thread("ORDEREDSUBJECT", "UTF-8", "ALL"), $imap);
    is("threads", join(";", map { join(",", @$_) } @$threads), "$uids[2];$uids[0],$uids[1]");
    ok("close", $imap->close, $imap);
    ok("delete", $imap->delete("Perl sort"), $imap);
    ok("logout", $imap->logout, $imap);
};

$scenarios{idle} = sub {
    my ($imap, $other) = (client(), client());
    ok("create", $imap->create("Perl idle"), $imap);
    ok("select", $imap->select("Perl idle"), $imap);
    my $tag = ok("idle", $imap->idle, $imap);
    my $uid = ok("append", $other->append_string("Perl idle",
        mail("pushed", "Mon, 01 Jun 2026 10:00:00 +0000")), $other);
    my @said;
    until (grep { /^\* 1 EXISTS/ } @said) {
        push @said, @{ ok("idle data", $imap->idle_data(30), $imap) };
    }
    ok("done", $imap->done($tag), $imap);
    is("uid", join(",", $imap->messages), $uid);
    ok("close", $imap->close, $imap);
    ok("delete", $imap->delete("Perl idle"), $imap);
    ok("logout", $_->logout, $_) for $imap, $other;
};

$scenarios{starttls_and_authenticate_plain} = sub {
    my $imap = client(Ssl => 0, Starttls => [%tls], Authmechanism => "PLAIN");
    ok("select", $imap->select("INBOX"), $imap);
    ok("logout", $imap->logout, $imap);
};

$scenarios{wrong_password} = sub {
    my $imap = Mail::IMAPClient->new(
        Server => $address, Port => $port, User => $user, Password => "wrong-Wrong-77",
        Ssl => [%tls], Timeout => 30);
    die "was let in\n" if $imap;
    die "told '$@'\n" unless $@ =~ /AUTHENTICATIONFAILED/;
};

$scenarios{compression} = sub {
    my $imap = client();
    ok("COMPRESS is offered", $imap->has_capability("COMPRESS"), $imap);
    ok("compress", $imap->compress, $imap);
    my $long = mail("compressed", "Mon, 1 Jun 2026 10:00:00 +0000") . ("the same line\r\n" x 20_000);
    my $uid = ok("append", $imap->append_string("INBOX", $long), $imap);
    ok("select", $imap->select("INBOX"), $imap);
    is("message", ok("fetch", $imap->message_string($uid), $imap), $long);
    is("search", join(" ", $imap->search("SUBJECT", "compressed")), $uid);
    ok("logout", $imap->logout, $imap);
};

$scenarios{rights} = sub {
    my $imap = client();
    my $friend = "bob\@example.test";
    ok("create", $imap->create("Team"), $imap);
    ok("setacl", $imap->setacl("Team", $friend, "lrs"), $imap);
    my $acl = ok("getacl", $imap->getacl("Team"), $imap);
    my %rights = map { (my $who = $_) =~ s/"//g; $who => $acl->{$_} } keys %$acl;
    is("rights of the friend", $rights{$friend}, "lrs");
    ok("own rights", $rights{$user} =~ /a/);
    ok("listrights", scalar($imap->listrights("Team", $friend)) =~ /l/, $imap);
    ok("append", $imap->append_string("Team",
        mail("for all", "Mon, 1 Jun 2026 10:00:00 +0000")), $imap);

    my $other = client(User => $friend);
    my $shared = "Shared/$user/Team";
    ok("listed", scalar(grep { $_ eq $shared } $other->folders), $other);
    my @mine = $other->myrights($shared);
    ok("myrights", scalar(grep { /MYRIGHTS.* "?lrs"?/ } @mine), $other);
    ok("select", $other->select($shared), $other);
    is("messages", $other->message_count, 1);
    die "wrote without the right\n" if $other->append_string($shared, "Subject: no\r\n\r\n");

    ok("deleteacl", $imap->deleteacl("Team", $friend), $imap);
    die "selected without a right\n" if client(User => $friend)->select($shared);
};

$scenarios{annotations} = sub {
    my $imap = client();
    ok("METADATA is offered", $imap->has_capability("METADATA"), $imap);
    ok("set", $imap->tag_and_run('SETMETADATA INBOX (/private/comment "of Perl")'), $imap);
    my $lines = ok("get", $imap->tag_and_run("GETMETADATA INBOX /private/comment"), $imap);
    ok("told", scalar(grep { m{^\* METADATA INBOX \(/private/comment "of Perl"\)} } @$lines));
    ok("remove", $imap->tag_and_run("SETMETADATA INBOX (/private/comment NIL)"), $imap);
    $lines = ok("get", $imap->tag_and_run("GETMETADATA INBOX /private/comment"), $imap);
    ok("gone", scalar(grep { m{/private/comment NIL} } @$lines));
};

my $run = $scenarios{$scenario} or die "no scenario $scenario\n";
$run->();
