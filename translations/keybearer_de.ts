<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AnswerFormat</name>
    <message>
        <source>not needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 kB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>limit %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>try again in %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>you may try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>resets in %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>has reset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>plain http</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Request and answer went over the network without encryption.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>certificate not checked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody made sure that this server is the one it says it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>truncated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection closed before the body was complete.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopped at the limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rest of the body was not read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You stopped the transfer before its end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cannot be decompressed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The body&apos;s compression is broken. What came before the break is shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n hop(s) before</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The timeline shows each of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 on the wire became %2 when decompressed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The body ended after %1 of the %2 announced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection closed before the body&apos;s end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped at %1. The rest of the body was not read.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Audience</name>
    <message>
        <source>nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This profile&apos;s secret may not go to %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may go to %1. Allow this origin in the profile, or send as another profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The workspace file lets this profile&apos;s secret go to %1, but you confirmed %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confirm the new origins in the profile, or set the file back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile&apos;s allowed origin %1 cannot be read: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write it as scheme and host, such as https://api.example.com.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The secret would go to %1 without encryption.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use https, or allow plain http for this origin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The secret would go to %1 without checking whose certificate answers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch the certificate check on, or allow the exception for this origin.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Base64Url</name>
    <message>
        <source>it is padded with =, which this form leaves out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has %1, which belongs to plain base64</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no bytes give its length: a character is missing or too many</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a space</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a tab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a line break</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a quotation mark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the byte 0x%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the character &quot;%1&quot;</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BuildRequest</name>
    <message>
        <source>The path parameter %1 has no value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give it a value in the parameter table.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The URL holds a user name or password, which is not sent from there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take it out of the URL and make a Basic profile of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” cannot be a request method.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A method is one word of letters, digits and a few signs, such as GET.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ChallengeText</name>
    <message>
        <source>%1 (field line %2, character %3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A character stands where a scheme or a parameter should begin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A parameter stands before any scheme.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A scheme is followed by a character that does not belong to it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A scheme is followed by something that is neither a token nor a parameter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A parameter follows a token, which may not be mixed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The parameter %1 comes twice in one challenge; the first one counts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The parameter %1 has no value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A quoted value holds a control character.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A quoted value has no closing quote.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A parameter has no value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A value needs quotes and has none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A comma is missing.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Cli</name>
    <message>
        <source>Serving until you press Ctrl+C.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is no moment: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use Unix seconds, 2026-12-31T23:59:59Z, +90d or never.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no workspace here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name one with --workspace, or make one with profile add.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The workspace has no environment called %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no profile called %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add one with profile add.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile %1 may go nowhere yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allow a host with profile set --allow.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile %1 stores no secret.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set %1 in the environment of this command.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile %1 has no secret in this environment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give it one with profile set --secret-stdin, or set %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard input held no secret.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pipe it in: printf %s &quot;$TOKEN&quot; | keybearer-cli …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  kind     %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  field    %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  user     %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  secret   from the environment variable %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  secret   in the keychain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>every environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  allowed  %1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nowhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 does not go with --kind %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is no name for a field: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Basic needs a user name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A user name may not hold a colon.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a profile called %1 already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change it with profile set.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Secret of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added %1. It reads %2 at each run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added %1. Its secret is in the keychain.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may go nowhere yet: allow a host with profile set --allow.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile %1 has no secret here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give it one with --secret-stdin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changed %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removed %1 and its secret.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A header needs a name and a colon: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write it as -H &apos;Accept: application/json&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The body cannot be read: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent without encryption (http).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer repeats the secret. It is masked here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  To decide: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bearer token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  state      unknown: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  state      %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  issued     %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  expires    %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  time left  %1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  scopes     %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>  refresh    no</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decoded, not verified: the signature was not checked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>kind      %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>note      %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>header    %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>claims    encrypted: only the header can be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>claims    %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>issued    %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from      %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>expires   %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>finding   %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CodeEditor</name>
    <message>
        <source>The full editor is missing, so a plain one is used: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Credentials</name>
    <message>
        <source>Remove it from the request, or send without a profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile&apos;s secret is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter the secret in the profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The secret has %1 in it, which a request may not carry.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>character %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter the secret again, without it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request already has the field %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key begins or ends with a space, which a header field loses.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The URL already has the query field %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An API key in the URL ends up in logs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key has %1 in it, which a cookie cannot carry.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the key in a header, or encode it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request already has the cookie %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A browser sends a cookie along with requests other sites start. Prefer a header.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot name an API key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the key&apos;s name in the profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The API key has no place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the user name in the profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A user name for Basic may not have a colon.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The user name has a control character in it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DoctorText</name>
    <message>
        <source>and %1 more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 UTC</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By this computer&apos;s clock the token has not expired; the server sent no Date to compare with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clock agrees with the server to %1, so expiry is not the cause.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clock agrees with the server to %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer&apos;s clock is %1 behind the server&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer&apos;s clock is %1 ahead of the server&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By the server&apos;s clock the token has not expired.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server says: “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server says: “%1” – “%2”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer has no WWW-Authenticate, which RFC 9110 §15.5.2 demands of a 401.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer has no Proxy-Authenticate, which RFC 9110 §15.5.8 demands of a 407.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This token is opaque: its scopes cannot be read here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This token is encrypted: its scopes cannot be read here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This token carries no scopes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This token carries %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its roles are %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send as %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace the key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace the password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace the token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the challenge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare the clocks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key went out in %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server says %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server says %1 in its body.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server asks for %1 in %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token is meant for %1; the server calls its realm %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token is meant for %1; the request went to %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It names the issuer %1; its signature is not verified here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer is a web page: a gateway or a login page may have refused before the API.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An API usually explains a %1 in JSON.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No credential was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the API&apos;s own errors look like: compare with one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The log of whatever stands before the API.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not accept the cookie that was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not know this API key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not accept this user name and password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server refuses and names the reason: “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It adds: “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its problem type is %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server rejects this token, and its times do not say why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server rejects this token, and an opaque token does not show why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server gives no reason, and by its times the token should pass.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server gives no reason, and the token shows none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A check of the signature with the issuer&apos;s keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The issuer&apos;s word whether the token was revoked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The audience the API expects; this token is for %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The issuer&apos;s word whether the token is still active.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same token at an address where it is known to pass.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server rejects this token, but with the status for one that lacks a right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not say whether this user is unknown or may not do this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not say whether the key is unknown or may not do this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another request with the same credential: does any pass?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server refuses this request and does not say what is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same request as a profile with another role.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A record that belongs to this user, in case ownership is what counts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its plan is %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server says so in %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token carries the scope the server asks for, and is refused all the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whether the server reads scopes from another claim, or from its own records.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whether the role, the plan or the owner of the data matters: send as another profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server&apos;s log for this request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It accepts the sign-in levels %1; this token tells none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It accepts the sign-in levels %1; this token has %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sign-in may be at most %1 old.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This token&apos;s was %1 ago.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server wants a fresher or stronger sign-in for this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It does not say which scope; RFC 6750 §3.1 lets it, and that would help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is known, but it may not do this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token is valid, but it may not do this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Request scope %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Request %1 scopes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server wants a DPoP proof with its nonce, and no proof was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server wants a DPoP proof with the token, and none was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It asks in %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It hands out a nonce in DPoP-Nonce.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request went out with the scheme %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server finds the request malformed, not the token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Often the credential came twice, or in a place where the server does not look for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> or </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server asks for %1, but %2 was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server asks for %1, but a cookie was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server asks for %1, but an API key was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token is meant for another API.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its audience is %1; the server calls itself %2 in its challenge.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server says invalid_token in its body.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server answers 403 where RFC 6750 §3.1 has 401.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its middle part is not a JSON object, so it holds no claims.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token looks like a JWT, but it cannot be read as one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may have been cut or changed when it was copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token holds what no bearer token may hold.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its claim typ says %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has the claim %1, which only ID tokens have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its header typ says %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a refresh token, which opens no API by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is an ID token: it says who signed in and opens no API.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token is not signed, and servers must refuse that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its header says alg %1 and its signature is empty or not meant to be checked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The date set in the profile is %1, %2 before this answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It expired at %1, %2 before this answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clocks disagree: for the server this token has expired.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key has expired by the date set for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token has expired by the date set for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token has expired.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It becomes valid at %1, %2 after this answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It says it was issued at %1, %2 after this answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clocks disagree: for the server this token is not valid yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token is not valid yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token is bound to a key, and no proof of it was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its claim cnf names a key (RFC 9449 §6); alone it is of no use to anybody.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token is bound to a client certificate, and none was shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its claim cnf names a certificate (RFC 8705 §3.1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The proxy wants a credential; the API was never reached.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The proxy asks for %1 in %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request went through the proxy %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A redirect led elsewhere, and the credential did not travel along.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The redirect led to %1; a credential stays with the origin it is for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If that address is right, send the request there directly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 tells that none of %2 requests is left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 tells that no request is left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rate limit is used up; the token is not the cause.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again in %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer has the field %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer&apos;s body speaks of CSRF.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server wants a CSRF token, as it does from browsers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Such a check guards requests that are known by their cookie; an API token needs none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A gateway in front of the API seems to have refused the request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer is a web page, not what an API sends.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It came through %1 (%2: %3).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request was sent as anonymous.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request went out without the secret of %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It gives the error code %1 although no credential came; RFC 6750 §3.1 advises against that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No credential was sent, and the server refuses the request without one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server wants a credential, and none was sent.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EnvironmentSecrets</name>
    <message>
        <source>The profiles %1 and %2 both read the variable %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename one of them.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FileWorkspaceStore</name>
    <message>
        <source>The folders are nested too deeply.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move this folder further up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is a link that leads out of the workspace folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the file itself here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder holds more than %1 files; the rest is left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Split the workspace.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file cannot be read: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check its permissions, then reload.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is larger than %1 MB, so it is not read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move large bodies out of the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the disk, then reload.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the folder may be written to and that the disk has room, then save again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder cannot be made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The workspace has no folder yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder to save it in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file name cannot be used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a path inside the workspace folder, without &quot;..&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The path leads out of the workspace folder through a link.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the link, or choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file of this name was made by another program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reload the workspace to see it, or save under another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another program changed this file since it was read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reload the workspace to see that change, then make yours again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file could not be read, so it is not written over.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the file in a text editor, then reload.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file cannot be saved: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A request is saved in a file that ends in .yml.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The environment has no name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give it a name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file cannot be removed: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the folder may be written to, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file is the workspace itself.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HeaderText</name>
    <message>
        <source>A header has no name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give it a name or remove it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A header name holds a character that is not allowed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>character %1 of the name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use letters, digits and !#$%&amp;&apos;*+-.^_`|~ only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a carriage return</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a line break</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a NUL character</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The value of a header holds %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>header %1, character %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove it; it would end the header and begin another.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HostText</name>
    <message>
        <source>character %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The IPv6 address has no closing bracket.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only a port may follow the IPv6 address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An IPv6 address with a zone cannot be used in a URL.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the address without the part after %.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not an IPv6 address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The URL has no host name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A host name cannot be percent-encoded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This character cannot be part of a host name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This host name has no form for the network (RFC 5891).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of the host name between dots is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of the host name is longer than 63 characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The host name is longer than 253 characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This looks like an IP address but is not four numbers from 0 to 255.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write it like 127.0.0.1, without leading zeros.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JsonText</name>
    <message>
        <source>This is not UTF-8 text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON must not begin with a byte order mark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is more text after the end of the JSON value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>line %1, column %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The JSON is nested more than %1 levels deep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected a JSON value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The JSON ends where a value should be</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected a digit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A number must not begin with a zero</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected a digit after the decimal point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected a digit in the exponent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected four hexadecimal digits after \u</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A backslash must not stand before this character</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This string has no closing quote</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A control character in a string must be written as an escape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected a comma or ]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected a member name in quotes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected a colon after the member name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected a comma or }</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Jwt</name>
    <message>
        <source>The %1 does not read: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the whole token was copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The %1 ends in bits that are not zero.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is not JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is not a JSON object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is text, not a number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not a number of seconds.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The payload is sent unencoded (b64 false).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The payload is not a JSON object, so it has no claims.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>encrypted key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>initialization vector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ciphertext</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>authentication tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a JWT: it has no dots.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a JWT: it has %1 parts, not three or five.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>more than five</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a JWT: it is larger than 1 MB.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>header</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>signature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>payload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>iat is in the future: one of the two clocks is wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nbf is in the future: it is not valid yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 comes twice in the %2; programs disagree on which one counts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>crit is not a list of names, so every reader must refuse the token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>crit names a member the header does not have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>crit asks every reader to understand %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Carries %1, which everyone who holds the token can read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Has no exp: it never expires by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>exp looks like milliseconds; it must be seconds.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>exp is not after iat.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>exp is not after nbf.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lives %1 days.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lives %1 hours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Has no aud: any API that trusts the issuer may accept it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>aud is neither text nor a list of texts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An at+jwt needs %1 (RFC 9068).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>alg is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>alg is none: nothing protects the claims.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The signature is empty: nothing protects the claims.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>enc is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>typ is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>kid is missing: the server has to try its keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The header brings its own key (%1); no server may trust it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Keychain</name>
    <message>
        <source>The secret is stored in parts that do not fit together.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter it in the profile again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keychain did not answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See whether it waits for its password, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keychain refused access.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allow Keybearer in the keychain&apos;s own program, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keychain holds no such secret any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste it into the profile again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keychain reported a failure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again, or keep the secret in memory only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keychain is locked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock it in the desktop, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another program changed this secret in the keychain.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again to use the new one, or enter yours in the profile.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeychainService</name>
    <message>
        <source>Secret Service</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keychain service does not answer. Wait, or restart it, then look again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no keychain service. Start GNOME Keyring or KWallet, or keep secrets in memory only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keychain is locked. Unlock it in the desktop, then look again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LiveCredentialText</name>
    <message>
        <source>%1 answered %2 and named this address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The method became %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The redirect left https for http.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is another origin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left behind: %1.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>An API client with tokens at its heart.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the practice workspace and its API.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A workspace folder.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MemoryStore</name>
    <message>
        <source>This secret was kept in memory only, and is gone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>memory only</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Module</name>
    <message>
        <source>A part of Keybearer could not be loaded: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install Keybearer again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OpenCollection</name>
    <message>
        <source>&quot;body&quot; must hold a type and data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the file in a text editor, then reload.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be text. A text that begins with {{ needs quotes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be a list of texts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; must hold names and values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be a list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An element of the list must hold names and values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;expires&quot; must be a time such as 2030-01-31T12:00:00Z.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile kind &quot;%1&quot; is not known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An API key goes in a header, query or cookie, not in &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two profiles have the id &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file must hold names and values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requests of the kind &quot;%1&quot; cannot be used yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is left as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file holds YAML that would be lost (a tag, or a key that is no text).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change it in a text editor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no workspace here: %1 is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another folder, or make a workspace in this one.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OriginText</name>
    <message>
        <source>character %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write scheme, host and port only, like https://api.example.com.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An origin has no user name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An origin has no path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An origin has no query.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An origin has no fragment.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PracticeServer</name>
    <message>
        <source>Accepts tokens after their expiry.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepts unsigned tokens whose alg is none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepts HS256 tokens keyed with its own public key in PEM form.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verifies a token with the key the token itself brings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepts tokens that were issued for another API.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does not look at scopes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hands out other people&apos;s users and invoices.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers 404 for absent users where other people&apos;s users get 403.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers 500 where it should answer 401 or 403.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers 200 with an error in the body where it should answer 401 or 403.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers every request with 429 and Retry-After in seconds.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers every request with 429 and Retry-After as a date.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redirects every request to another origin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repeats the credential it was sent in its answers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Port %1 is in use already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The practice API cannot listen: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another port, or 0 for any free one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No signing key could be made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that OpenSSL works on this machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A practice token could not be signed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no defect named &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List the defects to see their names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A lifetime must be at least one second.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A limit cannot be below zero.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PracticeWorkspace</name>
    <message>
        <source>Get user</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List users</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User&apos;s invoices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create user</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete user</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Practice API</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProfileLook</name>
    <message>
        <source>locked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no keychain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not readable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting for the keychain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no expiry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Proxy</name>
    <message>
        <source>The proxy has no address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>proxy setting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter one such as http://proxy.example:3128 or socks5://127.0.0.1:1080.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A proxy of the kind &quot;%1&quot; cannot be used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use http, https, socks5 or socks5h.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The proxy&apos;s address names no host.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RedirectText</name>
    <message>
        <source>Status %1 does not ask for the next request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer is not a redirect.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer is a redirect but has no Location.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer names %1 different Locations.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The Location cannot be followed: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RequestHints</name>
    <message>
        <source>The method is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” cannot stand in a method: it is one word of letters, digits and !#$%&amp;&apos;*+-.^_`|~.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Methods are case-sensitive: “%1” is not %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The URL does not parse at character %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The URL does not parse in the value of {{%1}}: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The URL holds a user name or password. It will not be sent from there: make a Basic profile of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No value for the path parameter %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This URL carries a token (%1). URLs end up in logs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not defined, since no environment is chosen: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not defined in the environment %1: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Header row %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move to a profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your header row %1 is in the way of the profile %2: remove one of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The header %1 holds a token, which the saved request would hold too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile this request names is not in this workspace. Choose another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1’s token may not go to %2, which is not encrypted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1’s token may not go to %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plain http: anyone on the way to %1 can read %2’s token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A key in the URL ends up in logs, histories and the Referer field. Prefer a header if the service takes one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A key in a cookie is sent by browsers without being asked, so other sites may use it (CSRF). Prefer a header if the service takes one.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RunText</name>
    <message>
        <source>The request was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled; nothing was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile %1 has no secret.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile %1 has no secret for the environment %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add one to the profile, or send as another profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The secret of the profile %1 is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace it in the profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token would go to %1 without encryption.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use https, or allow plain http for this run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The time was up before the last redirect was followed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allow more time in the request&apos;s settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The redirect would take the secret to %1, so it was not followed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server redirected more than %1 times.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the timeline for a circle, or allow more redirects for this request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The credential in the query did not travel along.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SecretRecord</name>
    <message>
        <source>The keychain item is not a record of this program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter the secret again, or delete the item in the keychain&apos;s own program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keychain item was written by a newer version of this program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Update the program, or enter the secret again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusText</name>
    <message>
        <source>The server has read the headers and waits for the body.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection goes on in another protocol.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server is still working on the request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Headers that the final answer will probably have, sent ahead of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request succeeded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request succeeded and made something new.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request was taken on; the work is not done yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request succeeded; a proxy has changed the answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request succeeded and there is no body to send.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request succeeded; clear the form it came from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is the part of the content that was asked for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The body tells a status for each of several resources.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This was listed earlier in the same answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The body is a difference to an older version.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are several forms of this; choose one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This has a new address for good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is at another address for now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer is to be fetched with GET from another address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The copy you already have is still good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server asks to use a proxy. This is no longer used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is at another address for now; the method stays the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This has a new address for good; the method stays the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server cannot make sense of the request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not know who you are: no credentials, or none that it accepts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server wants a payment first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server understood the request and will not allow it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing at this address, or the server will not say that there is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This address does not take this method; Allow lists those it takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server has no form of this that Accept allows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The proxy wants credentials of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server waited too long for the request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request does not fit the present state of the resource.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This was here once and will not come back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server wants a Content-Length.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A condition in the request&apos;s headers does not hold.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request&apos;s body is larger than the server takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The URL is longer than the server takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not take a body of this Content-Type or coding.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The part asked for lies outside the content.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server cannot do what Expect asks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A joke of 1998 that servers still tell.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This server does not answer for that host.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server can read the body but cannot act on what it says.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The resource is locked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This failed because another action before it failed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server will not risk a request that could be a replay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server wants another protocol; Upgrade names it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server wants the request to carry a condition such as If-Match.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You sent more requests than the server allows in this time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request&apos;s headers are larger than the server takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server may not show this, by law or by order.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong inside the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not know this method at all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A server in between got no good answer from the one behind it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server cannot answer now: too busy, or under maintenance.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A server in between waited too long for the one behind it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not speak this HTTP version.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server&apos;s choice of forms leads in a circle.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server has no room to store this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server ran in a circle and stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server wants an extension that the request does not name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network wants you to sign in before it lets you out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An answer on the way; the final one follows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server wants something more done to complete the request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server sees a fault in the request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server could not carry out a request that may be right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a status code of HTTP.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TokenKind</name>
    <message>
        <source>JWT, encrypted (JWE)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only its header can be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JWT access token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DPoP proof</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is made anew for each request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JWT logout token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JWT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsecured: it has no signature.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A sample from the documentation; it opens nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its checksum is right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its checksum is wrong: it is mistyped, cut or made up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is key material, not a token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Private key (PEM)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Private key (PKCS#12)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Private key (JSON file)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is public, not a secret.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AWS access key id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Microsoft Entra client secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is for the token endpoint, not for the API.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OpenAI API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Airtable personal access token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Okta API token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It goes after the word SSWS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Macaroon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It can be narrowed offline.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fernet token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only its key reads it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SAML assertion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>XML in base64; it is readable.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Basic credentials</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User name and password in clear text, only written in base64.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>API key (UUID)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>API key (%1 hex digits)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token is nothing but =.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A bearer token may not have %1 (character %2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Live: it moves real money.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test environment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It checks signatures; it is never sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is sent without a scheme.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitHub fine-grained token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitHub personal access token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitHub OAuth access token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitHub user-to-server token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitHub app installation token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitHub refresh token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitLab personal access token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitLab deploy token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitLab runner token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitLab CI job token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitLab trigger token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitLab SCIM token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitLab feed token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitLab incoming mail token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitLab agent token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitLab OAuth client secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GitLab feature flag client token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stripe secret key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stripe restricted key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stripe publishable key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is meant to be public; it opens nothing by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stripe webhook secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slack configuration token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slack bot token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slack user token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slack refresh token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slack app-level token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slack legacy token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It names a key; the secret access key is kept apart.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AWS temporary access key id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It needs a session token beside the secret access key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AWS bearer token id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AWS context credential id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Amazon Bedrock API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Google API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It goes into the query field key or into a header.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Google access token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Google OAuth client secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Google refresh token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anthropic admin key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anthropic API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OpenAI project key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OpenAI service account key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OpenAI admin key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hugging Face token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hugging Face organisation token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>npm access token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PyPI upload token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It goes with Basic, user name __token__.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>RubyGems API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Docker personal access token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DigitalOcean personal access token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DigitalOcean OAuth token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DigitalOcean refresh token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shopify admin token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shopify custom app token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shopify private app token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shopify shared secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SendGrid API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mailgun API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It goes with Basic, user name api.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Twilio API key id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It goes with Basic, as the user name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Twilio account id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It names an account and is no secret.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vault service token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vault batch token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vault token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Postman API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New Relic user key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grafana service account token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grafana Cloud token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Databricks token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linear API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notion token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Atlassian API token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It goes with Basic, the mail address as user name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Doppler token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sentry organisation token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sentry user token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PlanetScale service token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is sent after the service token&apos;s id.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pulumi access token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It goes after the word token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fly.io token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It goes after the word FlyV1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Heroku API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>EasyPost key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Live environment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Square access token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PASETO, encrypted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PASETO, signed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TokenStatus</name>
    <message>
        <source>%1 h %2 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>expired %1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>expired %1 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>expired %1 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>expired %1 d</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>valid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>due soon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>expired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not yet valid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no expiry known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Transport</name>
    <message>
        <source>1 byte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer announces different lengths (%1 and %2), which lets two programs read it differently.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer has both Content-Length and Transfer-Encoding; the latter counts (RFC 9112 §6.3).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server sent more than the announced %1; the rest was not read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unpacked to %1 from %2: %3 times its size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To look at it anyway, switch the TLS check off for this request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name was not looked up within %1 s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No connection came about within %1 s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The TLS handshake did not end within %1 s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request was not sent within %1 s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No answer came within %1 s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again, or give the request a longer time limit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If you trust the issuer, choose its certificate as the CA file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask the server&apos;s owner to mend the certificate.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server does not speak TLS on this port.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the port, or use http:// if the connection may be read by others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server refused the TLS handshake: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may want a client certificate or a TLS version that is switched off here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The TLS handshake failed: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the address and the port are those of an https server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection was refused: nothing listens there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network cannot be reached.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The host cannot be reached.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No connection came about: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The proxy cannot be reached. %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the proxy setting, or send without a proxy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that the server runs and that host and port are right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The proxy wants a user name and a password (407).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put them into the proxy&apos;s address, as in http://user:password@proxy.example:3128.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The proxy refused the tunnel to %1 with status %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask whether the proxy allows this host and port, or send without a proxy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The proxy gave no way through: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server closed the connection without an answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again; if it stays, look into the server&apos;s log.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection broke after an interim answer: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection broke before an answer came: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate of %1 expired on %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate of %1 is not valid before %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server&apos;s certificate is self-signed (%1), so nobody vouches for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate comes from an authority that is not trusted here: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate&apos;s issuer is not known here: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate of %1 was refused: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate is for %1, not for %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server&apos;s certificate was refused: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The URL cannot be used: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check host and port.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no host named %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the spelling, the environment&apos;s base URL and the network connection.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The proxy&apos;s host name is not known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The CA file cannot be read as PEM certificates.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CA file of the request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CA file of the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file with certificates between BEGIN CERTIFICATE and END CERTIFICATE.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What came back is not HTTP: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that an HTTP server listens on this port.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that an HTTP server listens on this port, and whether it wants https://.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer has a header line too long to be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look into what the server puts into its header fields.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection broke while the request was being sent: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again; the server may refuse a body of this size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection ended before an answer came.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request failed: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The method is not a token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use letters, digits and - . _ ~ only, as in GET.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request was stopped before an answer came.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 came</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 came</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The time limit of %1 s ended it while the answer was coming: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A header line is too long to be read; it and the rest are missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection closed inside the header fields.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The header fields could not be read: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chunked framing is broken (%1): %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection closed before the last chunk: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection closed early: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading stopped at the limit of %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rest unpacks to far more than that; raise the limit to read on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped while the body was coming: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The body&apos;s %1 data ends too early or is damaged; what could be unpacked is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The body is not valid %1; what could be unpacked before the fault is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server switched this connection to another protocol, so the exchange ends here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The content coding &quot;%1&quot; is not known here; the body is shown as it came.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request went out %1 times: the kept connection had been closed just then. The server may have seen it more than once.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>UrlText</name>
    <message>
        <source>character %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The URL is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Begin with https:// or http://.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The URL holds half a character.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The URL has no scheme.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only http and https URLs can be sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two slashes must follow the scheme.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The URL holds two @ before its path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write an @ of the user name or password as %40.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A backslash cannot stand before the path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>character %1 of the address the server names</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Variables</name>
    <message>
        <source>The variables expand to too much text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shorten the value of this variable.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The variable %1 is not defined.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Define it in the environment, or choose another environment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The variable %1 names itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change one of these values so that the circle ends.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The variable %1 is nested more than %2 deep.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name the final value more directly.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Yaml</name>
    <message>
        <source>%1, line %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, line %2, column %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the file in a text editor, then reload.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is large and holds more than plain YAML, so it is not read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Split it, or write it without anchors, folded text and flow collections.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file holds more than one YAML document.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep one document a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not readable YAML: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name &quot;%1&quot; stands twice in one place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file holds more than %1 values, aliases counted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Split the file, or use fewer aliases.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is larger than %1 MB, so it is not read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move large bodies out of the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is not UTF-8 text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save it as UTF-8, then reload.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::AnswerBody</name>
    <message>
        <source>Pretty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raw</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hex</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the body is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find in body</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the selection or the whole body</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the body to a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only JSON, XML and HTML can be indented.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no body.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An answer to HEAD has no body.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer has no body.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indenting %1…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer&apos;s headers repeat your secret: masked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your secret is shown as the server sent it. It hides again after %1 s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer repeats your secret: masked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the secret in the body</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the secret in the body</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied. The clipboard is cleared after %1 s.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::AnswerError</name>
    <message>
        <source>Nothing was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allow %1 for this profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allow and send</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::AnswerFindBar</name>
    <message>
        <source>Previous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find in body</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text to find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift+Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the find bar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Escape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No match</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of more than %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::AnswerHeaders</name>
    <message>
        <source>Copy all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy all headers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before the answer: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trailers, after the body</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::AnswerHeadersModel</name>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::AnswerPane</name>
    <message>
        <source>Answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the request to see its answer here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep going</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop here and keep what came</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parts of the answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Body</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Headers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receiving, %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receiving, %1 so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped at %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Headers %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::AnswerSent</name>
    <message>
        <source>Headers sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Body sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the request as text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Headers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Body, %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No body was sent.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::AnswerStatus</name>
    <message>
        <source>Answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the first request to the end of the last answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the start of the request to the end of the answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2 on the wire)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Body %1, on the wire %2, headers %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peer address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The address that answered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The address that answered, through %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read from %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Policy: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The unit of the reset time was guessed from its size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A hint of the server, not a promise.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rate limit: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::BodyView</name>
    <message>
        <source>Body</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is too much for the clipboard. Save the body to a file instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines %1 to %2 of %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::CommandPalette</name>
    <message>
        <source>Go to a request, profile or action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Matches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing matches.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::DoctorPanel</name>
    <message>
        <source>Not decided. What would decide it:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy explanation</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::EditTable</name>
    <message>
        <source>Move up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::EnvironmentDialog</name>
    <message>
        <source>Environments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Variable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Variables</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add variable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no environment yet. Make one to hold variables such as baseUrl.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The value of %1 looks like a secret (%2). Environments are saved as plain files: keep it in a token profile instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An environment needs a name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 exists already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 still holds variables. Remove them first.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::ExpiryBar</name>
    <message>
        <source>Time left is not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 % of its life left</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::HeaderListView</name>
    <message>
        <source>Headers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::HeadersModel</name>
    <message>
        <source>Sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from the profile %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>replaced by your row</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>added by default</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add %1 by default</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New row</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>value</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::HopChooser</name>
    <message>
        <source>Hop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2, %3</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::MainWindow</name>
    <message>
        <source>%1 was deleted. Its secret leaves the keychain in %2 seconds.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system clock was moved by %1 s. Times go on as before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the new time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit environments…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Environment: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keychain unlocked: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keychain locked: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No keychain: secrets can be kept in memory only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for the keychain…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n profile(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n profile(s), %1 expired</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Practice API at %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 was closed with changes that are not saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open workspace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not a workspace yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make one here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send as %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open workspace…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open practice workspace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter requests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile panel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the URL</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Profiles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit profile…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for the keychain again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send as profile %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send as anonymous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About Keybearer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keybearer %1

An API client with tokens at its heart.
Free software under the GNU General Public License, version 3 or later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to request, profile or action   Ctrl+K</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to a request, profile or action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open requests</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::MethodCombo</name>
    <message>
        <source>Method</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::NoticeBar</name>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::ParamsModel</name>
    <message>
        <source>Sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>query</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Off: “%1” goes out as it stands in the URL.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Path parameters are named in the URL: :id or {id}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A query field that is on lives in the URL, which has no room for a description.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New row</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>value</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::ProfileCombo</name>
    <message>
        <source>API key · %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Basic · %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bearer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JWT bearer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JWT bearer · %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>opaque bearer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>locked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not readable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anonymous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unknown profile</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::ProfileDialog</name>
    <message>
        <source>Every environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A key in the URL ends up in logs, histories and Referer fields. Use a header if the API lets you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A key in a cookie is sent by browsers on their own, so pages of others can use it. Use a header if the API lets you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time left: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It normally goes into the header %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Or keep it in memory only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is stored. You paste it again at the next start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile has no name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say who this token belongs to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scheme word must be one word, such as Bearer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is no name for a field: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use letters, digits and dashes, such as X-API-Key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A user name may not hold a colon.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste the secret again to keep it in another place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile has no secret.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste a token, a key or a password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New token profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit token profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who is this? For example: Reader, staging</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bearer token or JWT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Basic: user and password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In a header</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the query</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In a cookie</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste it here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave empty to keep the present one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the keychain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In memory only, until Keybearer closes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It expires at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scheme word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the key goes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allowed hosts, one a line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expiry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Field name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May go to</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::ProfileList</name>
    <message>
        <source>New profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token profiles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token profiles · %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the secret again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::ProfileListModel</name>
    <message>
        <source>Anonymous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anonymous, no token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::ProfilePanel</name>
    <message>
        <source>Basic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JWT bearer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bearer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied, %1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the secret; the clipboard is cleared after 30 seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reads the secret from the keychain again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decoded, not verified: anyone can write these words. Only the signature, checked with the issuer&apos;s key, would prove them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Claims</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hygiene</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May go to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anonymous: nothing is attached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>issued %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>expires %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept in memory only: gone when Keybearer closes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The expiry was set by you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No expiry known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nowhere yet. Edit the profile to allow a host.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>role: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::RequestAuthTab</name>
    <message>
        <source>Move to a profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens live in profiles, and their secrets in the keychain: never in the request or its file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Authorization of this request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent as anonymous: no credential is added.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 adds to the query: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 adds the header: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may go nowhere yet: allow an origin in the profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may go to: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Environment: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your header row %1 is in the way of the profile. Remove the row, or send as anonymous.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Header row %1 holds a token. In a profile it would stay out of the saved file.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::RequestBody</name>
    <message>
        <source>This request has no body.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of body</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Content type of the body</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Body of the request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line %1, column %2: %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is sent as it is.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::RequestEditor</name>
    <message>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Headers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Params</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Body</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Authorization</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Goes to %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::RequestHints</name>
    <message>
        <source>Remarks on the request</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::RequestSettingsTab</name>
    <message>
        <source>Follow redirects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the server’s certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time-out of the whole exchange, in milliseconds; 0 for none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For the whole exchange, redirects included. 0 means none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most redirects to follow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On a new origin every credential is dropped, and each hop is listed in the timeline.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Off: whoever answers can be an impostor and read the token. Use it only against a server you run yourself. It counts for this request alone and stays marked beside Send as.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time-out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redirects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TLS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings of this request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system’s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1. It holds for every request; change it in the program’s settings.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::RequestTab</name>
    <message>
        <source>New request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Times are now counted from the system clock.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the body</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The body could not be saved to %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved to %1.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::RequestTree</name>
    <message>
        <source>Filter requests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::RequestTreeModel</name>
    <message>
        <source>Folder %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::RevealLabel</name>
    <message>
        <source>Reveal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reveal the secret: hold, or click for 30 seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold to look, or click to show it for 30 seconds.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::RevealedSecret</name>
    <message numerus="yes">
        <source>The secret, %n bytes, is on the screen</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> … %n more characters</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::ScopePills</name>
    <message>
        <source>Scopes: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scopes of the token:</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::SecretEdit</name>
    <message>
        <source>Secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show for 30 seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the word %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>quotes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>white space</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taken off while pasting: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::SendAsBar</name>
    <message>
        <source>TLS check off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>plain http</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reveal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This request does not check the server’s certificate. Switch it on again under Settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request goes out without encryption.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reveal the secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold to see the secret, or click to see it for 30 seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not in this workspace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>role: %1 +%2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>role: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Roles of the token:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the secret</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::Session</name>
    <message>
        <source>%1 expires soon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time left: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This profile has no secret in this environment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit the profile and paste one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another profile is called “%1”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That profile is gone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 copy %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::SettingsDialog</name>
    <message>
        <source>Tell me on the desktop before a token expires</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Proxy address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A proxy address looks like http://host:8080 or socks5://host:1080.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A password does not belong in the settings file. Take it out of the address.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::TablePane</name>
    <message>
        <source>Move up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::TimelineView</name>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TLS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Phases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the timeline as text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, a connection used before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, a new connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, from %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>issued by %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>valid until %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>checked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not checked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kb::UrlEdit</name>
    <message>
        <source>URL</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>https://api.example.com/users/:id, or {{baseUrl}}/users</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
