<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AnswerFormat</name>
    <message>
        <source>not needed</source>
        <translation>nicht nötig</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 B</source>
        <translation>%1 B</translation>
    </message>
    <message>
        <source>%1 kB</source>
        <translation>%1 kB</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>limit %1</source>
        <translation>Limit %1</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message>
        <source>try again in %1</source>
        <translation>neuer Versuch in %1</translation>
    </message>
    <message>
        <source>you may try again</source>
        <translation>neuer Versuch möglich</translation>
    </message>
    <message>
        <source>resets in %1</source>
        <translation>zurückgesetzt in %1</translation>
    </message>
    <message>
        <source>has reset</source>
        <translation>wurde zurückgesetzt</translation>
    </message>
    <message>
        <source>plain http</source>
        <translation>unverschlüsseltes HTTP</translation>
    </message>
    <message>
        <source>Request and answer went over the network without encryption.</source>
        <translation>Anfrage und Antwort gingen unverschlüsselt durch das Netz.</translation>
    </message>
    <message>
        <source>certificate not checked</source>
        <translation>Zertifikat nicht geprüft</translation>
    </message>
    <message>
        <source>Nobody made sure that this server is the one it says it is.</source>
        <translation>Niemand hat geprüft, ob dieser Server der ist, für den er sich ausgibt.</translation>
    </message>
    <message>
        <source>truncated</source>
        <translation>abgeschnitten</translation>
    </message>
    <message>
        <source>The connection closed before the body was complete.</source>
        <translation>Die Verbindung wurde geschlossen, bevor der Body vollständig war.</translation>
    </message>
    <message>
        <source>stopped at the limit</source>
        <translation>am Limit angehalten</translation>
    </message>
    <message>
        <source>The rest of the body was not read.</source>
        <translation>Der Rest des Bodys wurde nicht gelesen.</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>You stopped the transfer before its end.</source>
        <translation>Sie haben die Übertragung vorzeitig abgebrochen.</translation>
    </message>
    <message>
        <source>cannot be decompressed</source>
        <translation>nicht dekomprimierbar</translation>
    </message>
    <message>
        <source>The body&apos;s compression is broken. What came before the break is shown.</source>
        <translation>Die Komprimierung des Bodys ist defekt. Angezeigt wird, was vor dem Defekt kam.</translation>
    </message>
    <message numerus="yes">
        <source>%n hop(s) before</source>
        <translation>
            <numerusform>%n Hop davor</numerusform>
            <numerusform>%n Hops davor</numerusform>
        </translation>
    </message>
    <message>
        <source>The timeline shows each of them.</source>
        <translation>Der Zeitverlauf zeigt jeden einzelnen.</translation>
    </message>
    <message>
        <source>%1 on the wire became %2 when decompressed.</source>
        <translation>Aus %1 auf der Leitung wurden dekomprimiert %2.</translation>
    </message>
    <message>
        <source>The body ended after %1 of the %2 announced.</source>
        <translation>Der Body endete nach %1 von %2 angekündigten.</translation>
    </message>
    <message>
        <source>The connection closed before the body&apos;s end.</source>
        <translation>Die Verbindung wurde vor dem Ende des Bodys geschlossen.</translation>
    </message>
    <message>
        <source>Stopped at %1. The rest of the body was not read.</source>
        <translation>Bei %1 angehalten. Der Rest des Bodys wurde nicht gelesen.</translation>
    </message>
</context>
<context>
    <name>Audience</name>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>This profile&apos;s secret may not go to %1.</source>
        <translation>Das Geheimnis dieses Profils darf nicht an %1 gesendet werden.</translation>
    </message>
    <message>
        <source>It may go to %1. Allow this origin in the profile, or send as another profile.</source>
        <translation>Es darf an %1 gesendet werden. Erlauben Sie diesen Origin im Profil, oder senden Sie mit einem anderen Profil.</translation>
    </message>
    <message>
        <source>The workspace file lets this profile&apos;s secret go to %1, but you confirmed %2.</source>
        <translation>Die Arbeitsbereichsdatei erlaubt dem Geheimnis dieses Profils %1, bestätigt haben Sie aber %2.</translation>
    </message>
    <message>
        <source>Confirm the new origins in the profile, or set the file back.</source>
        <translation>Bestätigen Sie die neuen Origins im Profil, oder setzen Sie die Datei zurück.</translation>
    </message>
    <message>
        <source>The profile&apos;s allowed origin %1 cannot be read: %2</source>
        <translation>Der erlaubte Origin %1 des Profils ist nicht lesbar: %2</translation>
    </message>
    <message>
        <source>Write it as scheme and host, such as https://api.example.com.</source>
        <translation>Schreiben Sie ihn als Schema und Host, etwa https://api.example.com.</translation>
    </message>
    <message>
        <source>The secret would go to %1 without encryption.</source>
        <translation>Das Geheimnis würde unverschlüsselt an %1 gesendet.</translation>
    </message>
    <message>
        <source>Use https, or allow plain http for this origin.</source>
        <translation>Verwenden Sie https, oder erlauben Sie unverschlüsseltes HTTP für diesen Origin.</translation>
    </message>
    <message>
        <source>The secret would go to %1 without checking whose certificate answers.</source>
        <translation>Das Geheimnis würde an %1 gesendet, ohne zu prüfen, wessen Zertifikat antwortet.</translation>
    </message>
    <message>
        <source>Switch the certificate check on, or allow the exception for this origin.</source>
        <translation>Schalten Sie die Zertifikatsprüfung ein, oder erlauben Sie die Ausnahme für diesen Origin.</translation>
    </message>
</context>
<context>
    <name>Base64Url</name>
    <message>
        <source>it is padded with =, which this form leaves out</source>
        <translation>er ist mit = aufgefüllt, was diese Form weglässt</translation>
    </message>
    <message>
        <source>it has %1, which belongs to plain base64</source>
        <translation>er enthält %1, was zu gewöhnlichem Base64 gehört</translation>
    </message>
    <message>
        <source>it has %1</source>
        <translation>er enthält %1</translation>
    </message>
    <message>
        <source>no bytes give its length: a character is missing or too many</source>
        <translation>keine Bytezahl ergibt seine Länge: Ein Zeichen fehlt oder ist zu viel</translation>
    </message>
    <message>
        <source>a space</source>
        <translation>ein Leerzeichen</translation>
    </message>
    <message>
        <source>a tab</source>
        <translation>ein Tabulatorzeichen</translation>
    </message>
    <message>
        <source>a line break</source>
        <translation>einen Zeilenumbruch</translation>
    </message>
    <message>
        <source>a quotation mark</source>
        <translation>ein Anführungszeichen</translation>
    </message>
    <message>
        <source>the byte 0x%1</source>
        <translation>das Byte 0x%1</translation>
    </message>
    <message>
        <source>the character &quot;%1&quot;</source>
        <translation>das Zeichen „%1“</translation>
    </message>
</context>
<context>
    <name>BuildRequest</name>
    <message>
        <source>The path parameter %1 has no value.</source>
        <translation>Der Pfadparameter %1 hat keinen Wert.</translation>
    </message>
    <message>
        <source>Give it a value in the parameter table.</source>
        <translation>Geben Sie ihm in der Parametertabelle einen Wert.</translation>
    </message>
    <message>
        <source>The URL holds a user name or password, which is not sent from there.</source>
        <translation>Die URL enthält einen Benutzernamen oder ein Passwort; von dort wird beides nicht gesendet.</translation>
    </message>
    <message>
        <source>Take it out of the URL and make a Basic profile of it.</source>
        <translation>Nehmen Sie es aus der URL heraus, und machen Sie ein Basic-Profil daraus.</translation>
    </message>
    <message>
        <source>“%1” cannot be a request method.</source>
        <translation>„%1“ kann keine Anfragemethode sein.</translation>
    </message>
    <message>
        <source>method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>A method is one word of letters, digits and a few signs, such as GET.</source>
        <translation>Eine Methode ist ein Wort aus Buchstaben, Ziffern und wenigen Sonderzeichen, etwa GET.</translation>
    </message>
    <message>
        <source>A body of the kind %1 cannot be sent yet.</source>
        <translation>Ein Body der Art %1 kann noch nicht gesendet werden.</translation>
    </message>
    <message>
        <source>body</source>
        <translation>Body</translation>
    </message>
    <message>
        <source>Choose another kind in the Body tab; the file keeps the old one.</source>
        <translation>Wählen Sie im Reiter Body eine andere Art; die Datei behält die alte.</translation>
    </message>
    <message>
        <source>The body names no file.</source>
        <translation>Der Body nennt keine Datei.</translation>
    </message>
    <message>
        <source>Name one in the Body tab.</source>
        <translation>Nennen Sie eine im Reiter Body.</translation>
    </message>
    <message>
        <source>Files cannot be sent from here.</source>
        <translation>Von hier aus können keine Dateien gesendet werden.</translation>
    </message>
    <message>
        <source>Send the request from its workspace.</source>
        <translation>Senden Sie die Anfrage aus ihrem Arbeitsbereich.</translation>
    </message>
    <message>
        <source>The content type of the part %1 has more than one line.</source>
        <translation>Der Content-Type des Teils %1 hat mehr als eine Zeile.</translation>
    </message>
</context>
<context>
    <name>ChallengeText</name>
    <message>
        <source>%1 (field line %2, character %3)</source>
        <translation>%1 (Feldzeile %2, Zeichen %3)</translation>
    </message>
    <message>
        <source>A character stands where a scheme or a parameter should begin.</source>
        <translation>Wo ein Schema oder ein Parameter beginnen sollte, steht ein anderes Zeichen.</translation>
    </message>
    <message>
        <source>A parameter stands before any scheme.</source>
        <translation>Ein Parameter steht vor jedem Schema.</translation>
    </message>
    <message>
        <source>A scheme is followed by a character that does not belong to it.</source>
        <translation>Auf ein Schema folgt ein Zeichen, das nicht dazugehört.</translation>
    </message>
    <message>
        <source>A scheme is followed by something that is neither a token nor a parameter.</source>
        <translation>Auf ein Schema folgt etwas, das weder Token noch Parameter ist.</translation>
    </message>
    <message>
        <source>A parameter follows a token, which may not be mixed.</source>
        <translation>Auf ein Token folgt ein Parameter; beides darf nicht gemischt werden.</translation>
    </message>
    <message>
        <source>The parameter %1 has no value.</source>
        <translation>Der Parameter %1 hat keinen Wert.</translation>
    </message>
    <message>
        <source>A quoted value holds a control character.</source>
        <translation>Ein Wert in Anführungszeichen enthält ein Steuerzeichen.</translation>
    </message>
    <message>
        <source>A quoted value has no closing quote.</source>
        <translation>Einem Wert fehlt das schließende Anführungszeichen.</translation>
    </message>
    <message>
        <source>A parameter has no value.</source>
        <translation>Ein Parameter hat keinen Wert.</translation>
    </message>
    <message>
        <source>A value needs quotes and has none.</source>
        <translation>Ein Wert braucht Anführungszeichen und hat keine.</translation>
    </message>
    <message>
        <source>A comma is missing.</source>
        <translation>Ein Komma fehlt.</translation>
    </message>
    <message>
        <source>The parameter %1 comes twice in one challenge.</source>
        <translation>Der Parameter %1 steht zweimal in einer Challenge.</translation>
    </message>
</context>
<context>
    <name>CheckScheme</name>
    <message>
        <source>That is no name for a field: %1</source>
        <translation>Das ist kein Name für ein Feld: %1</translation>
    </message>
    <message>
        <source>Use letters, digits and dashes, such as X-API-Key.</source>
        <translation>Verwenden Sie Buchstaben, Ziffern und Bindestriche, etwa X-API-Key.</translation>
    </message>
    <message>
        <source>The scheme word must be one word, such as Bearer.</source>
        <translation>Das Schemawort muss ein einzelnes Wort sein, etwa Bearer.</translation>
    </message>
    <message>
        <source>Basic needs a user name.</source>
        <translation>Basic braucht einen Benutzernamen.</translation>
    </message>
    <message>
        <source>A user name may not hold a colon.</source>
        <translation>Ein Benutzername darf keinen Doppelpunkt enthalten.</translation>
    </message>
    <message>
        <source>Digest needs a user name.</source>
        <translation>Digest braucht einen Benutzernamen.</translation>
    </message>
    <message>
        <source>The value has no {{secret}} in it.</source>
        <translation>Der Wert enthält kein {{secret}}.</translation>
    </message>
    <message>
        <source>The access key id is missing.</source>
        <translation>Die Access-Key-ID fehlt.</translation>
    </message>
    <message>
        <source>The region is missing.</source>
        <translation>Die Region fehlt.</translation>
    </message>
    <message>
        <source>The service is missing.</source>
        <translation>Der Dienst fehlt.</translation>
    </message>
    <message>
        <source>The signature covers nothing.</source>
        <translation>Die Signatur deckt nichts ab.</translation>
    </message>
    <message>
        <source>NTLM needs a user name.</source>
        <translation>NTLM braucht einen Benutzernamen.</translation>
    </message>
    <message>
        <source>The client id is missing.</source>
        <translation>Die Client-ID fehlt.</translation>
    </message>
    <message>
        <source>Give the token endpoint, or an issuer that names it.</source>
        <translation>Geben Sie den Token-Endpunkt an, oder einen Aussteller, der ihn nennt.</translation>
    </message>
    <message>
        <source>The password grant needs a user name.</source>
        <translation>Der Passwort-Grant braucht einen Benutzernamen.</translation>
    </message>
    <message>
        <source>The login&apos;s address is missing.</source>
        <translation>Die Adresse der Anmeldung fehlt.</translation>
    </message>
    <message>
        <source>An address ends up in logs: no secret may be in it.</source>
        <translation>Eine Adresse landet in Logs: Sie darf kein Geheimnis enthalten.</translation>
    </message>
    <message>
        <source>That is no method: %1</source>
        <translation>Das ist keine Methode: %1</translation>
    </message>
    <message>
        <source>That is no header line: %1</source>
        <translation>Das ist keine Headerzeile: %1</translation>
    </message>
    <message>
        <source>Say where the answer has the token.</source>
        <translation>Geben Sie an, wo in der Antwort das Token steht.</translation>
    </message>
    <message>
        <source>Say where the answer has the refresh token.</source>
        <translation>Geben Sie an, wo in der Antwort das Refresh-Token steht.</translation>
    </message>
    <message>
        <source>Write {{refresh_token}} where the refresh token goes.</source>
        <translation>Schreiben Sie {{refresh_token}} dorthin, wo das Refresh-Token stehen soll.</translation>
    </message>
    <message>
        <source>Proxy-Authorization is for the proxy, and this secret goes to the API.</source>
        <translation>Proxy-Authorization ist für den Proxy, und dieses Geheimnis geht an die API.</translation>
    </message>
    <message>
        <source>Name the field that the API reads.</source>
        <translation>Nennen Sie das Feld, das die API liest.</translation>
    </message>
    <message>
        <source>Sign the body: switch that off, or name the service s3.</source>
        <translation>Signieren Sie den Body: schalten Sie das ab, oder nennen Sie den Dienst s3.</translation>
    </message>
    <message>
        <source>Only S3 and few other services take a body that is left out of the signature.</source>
        <translation>Nur S3 und wenige andere Dienste nehmen einen Body, der aus der Signatur ausgelassen ist.</translation>
    </message>
</context>
<context>
    <name>Checks</name>
    <message>
        <source>&quot;%1&quot; cannot be read.</source>
        <translation>&quot;%1&quot; kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>Write it like res.status, res.body.users[0].name or res.headers[&apos;etag&apos;]; for more, use a jq filter.</source>
        <translation>Schreiben Sie es wie res.status, res.body.users[0].name oder res.headers[&apos;etag&apos;]; für mehr nehmen Sie einen jq-Filter.</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>jq filters and schemas are not available here.</source>
        <translation>jq-Filter und Schemas sind hier nicht verfügbar.</translation>
    </message>
    <message>
        <source>Files cannot be read here.</source>
        <translation>Dateien können hier nicht gelesen werden.</translation>
    </message>
    <message>
        <source>It was not asked.</source>
        <translation>Es wurde nicht gefragt.</translation>
    </message>
    <message>
        <source>This value is a secret, which is not kept: only that it is there can be checked.</source>
        <translation>Dieser Wert ist ein Geheimnis, das nicht behalten wird: Nur dass es da ist, kann geprüft werden.</translation>
    </message>
    <message>
        <source>It is not. What it is is a secret.</source>
        <translation>So ist es nicht. Was es ist, ist ein Geheimnis.</translation>
    </message>
    <message>
        <source>The answer has no %1.</source>
        <translation>Die Antwort hat kein %1.</translation>
    </message>
    <message>
        <source>%1 is a secret, which is not kept. A profile that logs in with a request of its own can use it.</source>
        <translation>%1 ist ein Geheimnis, das nicht behalten wird. Ein Profil, das sich mit einer eigenen Anfrage anmeldet, kann es benutzen.</translation>
    </message>
    <message>
        <source>fits the schema %1</source>
        <translation>passt zum Schema %1</translation>
    </message>
    <message>
        <source>It is %1.</source>
        <translation>Es ist %1.</translation>
    </message>
    <message>
        <source>It should not be there.</source>
        <translation>Es sollte nicht da sein.</translation>
    </message>
    <message>
        <source>It should be there.</source>
        <translation>Es sollte da sein.</translation>
    </message>
    <message>
        <source>It should not be %1.</source>
        <translation>Es sollte nicht %1 sein.</translation>
    </message>
    <message>
        <source>It is the text %1, not the number. Write &apos;%2&apos; to compare with a text.</source>
        <translation>Es ist der Text %1, nicht die Zahl. Schreiben Sie &apos;%2&apos;, um mit einem Text zu vergleichen.</translation>
    </message>
    <message>
        <source>It is the number %1, not the text.</source>
        <translation>Es ist die Zahl %1, nicht der Text.</translation>
    </message>
    <message>
        <source>It should be %1.</source>
        <translation>Es sollte %1 sein.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no number to compare with.</source>
        <translation>&quot;%1&quot; ist keine Zahl, mit der verglichen werden kann.</translation>
    </message>
    <message>
        <source>It should be more than %1.</source>
        <translation>Es sollte mehr als %1 sein.</translation>
    </message>
    <message>
        <source>It should be at least %1.</source>
        <translation>Es sollte mindestens %1 sein.</translation>
    </message>
    <message>
        <source>It should be less than %1.</source>
        <translation>Es sollte weniger als %1 sein.</translation>
    </message>
    <message>
        <source>It should be at most %1.</source>
        <translation>Es sollte höchstens %1 sein.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; does not give two numbers.</source>
        <translation>&quot;%1&quot; ergibt keine zwei Zahlen.</translation>
    </message>
    <message>
        <source>Write them like 1, 10.</source>
        <translation>Schreiben Sie sie wie 1, 10.</translation>
    </message>
    <message>
        <source>It should be between %1 and %2.</source>
        <translation>Es sollte zwischen %1 und %2 liegen.</translation>
    </message>
    <message>
        <source>It should be one of %1.</source>
        <translation>Es sollte eines von %1 sein.</translation>
    </message>
    <message>
        <source>It should be none of %1.</source>
        <translation>Es sollte keines von %1 sein.</translation>
    </message>
    <message>
        <source>Only a text or a list can be looked into.</source>
        <translation>Nur in einen Text oder eine Liste kann hineingesehen werden.</translation>
    </message>
    <message>
        <source>It should contain %1.</source>
        <translation>Es sollte %1 enthalten.</translation>
    </message>
    <message>
        <source>It should not contain %1.</source>
        <translation>Es sollte %1 nicht enthalten.</translation>
    </message>
    <message>
        <source>It should start with %1.</source>
        <translation>Es sollte mit %1 beginnen.</translation>
    </message>
    <message>
        <source>It should end with %1.</source>
        <translation>Es sollte mit %1 enden.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no regular expression: %2.</source>
        <translation>&quot;%1&quot; ist kein regulärer Ausdruck: %2.</translation>
    </message>
    <message>
        <source>It should match %1.</source>
        <translation>Es sollte auf %1 passen.</translation>
    </message>
    <message>
        <source>It should not match %1.</source>
        <translation>Es sollte nicht auf %1 passen.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no length.</source>
        <translation>&quot;%1&quot; ist keine Länge.</translation>
    </message>
    <message>
        <source>Only a text or a list has a length.</source>
        <translation>Nur ein Text oder eine Liste hat eine Länge.</translation>
    </message>
    <message>
        <source>Its length should be %1. It is %2.</source>
        <translation>Die Länge sollte %1 sein. Sie ist %2.</translation>
    </message>
    <message>
        <source>Only a text, a list or an object can be empty.</source>
        <translation>Nur ein Text, eine Liste oder ein Objekt kann leer sein.</translation>
    </message>
    <message>
        <source>It should be empty.</source>
        <translation>Es sollte leer sein.</translation>
    </message>
    <message>
        <source>It should not be empty.</source>
        <translation>Es sollte nicht leer sein.</translation>
    </message>
    <message>
        <source>It should be null.</source>
        <translation>Es sollte null sein.</translation>
    </message>
    <message>
        <source>It should be true.</source>
        <translation>Es sollte wahr sein.</translation>
    </message>
    <message>
        <source>It should be false.</source>
        <translation>Es sollte falsch sein.</translation>
    </message>
    <message>
        <source>It should be an object or a list.</source>
        <translation>Es sollte ein Objekt oder eine Liste sein.</translation>
    </message>
    <message>
        <source>It should be a number.</source>
        <translation>Es sollte eine Zahl sein.</translation>
    </message>
    <message>
        <source>It should be a text.</source>
        <translation>Es sollte ein Text sein.</translation>
    </message>
    <message>
        <source>It should be true or false.</source>
        <translation>Es sollte wahr oder falsch sein.</translation>
    </message>
    <message>
        <source>It should be a list.</source>
        <translation>Es sollte eine Liste sein.</translation>
    </message>
    <message>
        <source>There is no operator &quot;%1&quot;.</source>
        <translation>Es gibt keinen Operator &quot;%1&quot;.</translation>
    </message>
    <message>
        <source>The body is said to be JSON and cannot be read.</source>
        <translation>Der Body soll JSON sein und kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>The filter failed.</source>
        <translation>Der Filter ist gescheitert.</translation>
    </message>
    <message>
        <source>%1 holds {{ }}, which would be taken for a variable.</source>
        <translation>%1 enthält {{ }}, was für eine Variable gehalten würde.</translation>
    </message>
    <message>
        <source>The text is too much for the expression, or is no text.</source>
        <translation>Der Text ist zu viel für den Ausdruck, oder er ist kein Text.</translation>
    </message>
</context>
<context>
    <name>Cli</name>
    <message>
        <source>Serving until you press Ctrl+C.</source>
        <translation>Läuft, bis Sie Strg+C drücken.</translation>
    </message>
    <message>
        <source>That is no moment: %1</source>
        <translation>Das ist kein Zeitpunkt: %1</translation>
    </message>
    <message>
        <source>Use Unix seconds, 2026-12-31T23:59:59Z, +90d or never.</source>
        <translation>Verwenden Sie Unix-Sekunden, 2026-12-31T23:59:59Z, +90d oder never.</translation>
    </message>
    <message>
        <source>There is no workspace here.</source>
        <translation>Hier ist kein Arbeitsbereich.</translation>
    </message>
    <message>
        <source>Name one with --workspace, or make one with profile add.</source>
        <translation>Nennen Sie einen mit --workspace, oder legen Sie einen mit profile add an.</translation>
    </message>
    <message>
        <source>The workspace has no environment called %1.</source>
        <translation>Der Arbeitsbereich hat keine Umgebung namens %1.</translation>
    </message>
    <message>
        <source>There is no profile called %1.</source>
        <translation>Es gibt kein Profil namens %1.</translation>
    </message>
    <message>
        <source>Add one with profile add.</source>
        <translation>Legen Sie eines mit profile add an.</translation>
    </message>
    <message>
        <source>There are: %1.</source>
        <translation>Vorhanden sind: %1.</translation>
    </message>
    <message>
        <source>The profile %1 may go nowhere yet.</source>
        <translation>Das Profil %1 darf noch nirgendwohin gesendet werden.</translation>
    </message>
    <message>
        <source>Allow a host with profile set --allow.</source>
        <translation>Erlauben Sie einen Host mit profile set --allow.</translation>
    </message>
    <message>
        <source>The profile %1 stores no secret.</source>
        <translation>Das Profil %1 speichert kein Geheimnis.</translation>
    </message>
    <message>
        <source>Set %1 in the environment of this command.</source>
        <translation>Setzen Sie %1 in der Umgebung dieses Befehls.</translation>
    </message>
    <message>
        <source>The profile %1 has no secret in this environment.</source>
        <translation>Das Profil %1 hat in dieser Umgebung kein Geheimnis.</translation>
    </message>
    <message>
        <source>Give it one with profile set --secret-stdin, or set %1.</source>
        <translation>Geben Sie ihm eines mit profile set --secret-stdin, oder setzen Sie %1.</translation>
    </message>
    <message>
        <source>Standard input held no secret.</source>
        <translation>Die Standardeingabe enthielt kein Geheimnis.</translation>
    </message>
    <message>
        <source>Pipe it in: printf %s &quot;$TOKEN&quot; | keybearer-cli …</source>
        <translation>Übergeben Sie es per Pipe: printf %s &quot;$TOKEN&quot; | keybearer-cli …</translation>
    </message>
    <message>
        <source>  kind     %1</source>
        <translation>  Art      %1</translation>
    </message>
    <message>
        <source>  secret   from the environment variable %1</source>
        <translation>  Geheim   aus der Umgebungsvariablen %1</translation>
    </message>
    <message>
        <source>  secret   in the keychain</source>
        <translation>  Geheim   im Schlüsselbund</translation>
    </message>
    <message>
        <source>every environment</source>
        <translation>jede Umgebung</translation>
    </message>
    <message>
        <source>  allowed  %1 (%2)</source>
        <translation>  erlaubt  %1 (%2)</translation>
    </message>
    <message>
        <source>nowhere</source>
        <translation>nirgends</translation>
    </message>
    <message>
        <source>%1 does not go with --kind %2.</source>
        <translation>%1 passt nicht zu --kind %2.</translation>
    </message>
    <message>
        <source>There is a profile called %1 already.</source>
        <translation>Es gibt schon ein Profil namens %1.</translation>
    </message>
    <message>
        <source>Change it with profile set.</source>
        <translation>Ändern Sie es mit profile set.</translation>
    </message>
    <message>
        <source>Secret of %1</source>
        <translation>Geheimnis von %1</translation>
    </message>
    <message>
        <source>Added %1. It reads %2 at each run.</source>
        <translation>%1 hinzugefügt. Es liest %2 bei jedem Lauf.</translation>
    </message>
    <message>
        <source>Added %1. Its secret is in the keychain.</source>
        <translation>%1 hinzugefügt. Sein Geheimnis ist im Schlüsselbund.</translation>
    </message>
    <message>
        <source>It may go nowhere yet: allow a host with profile set --allow.</source>
        <translation>Es darf noch nirgendwohin gesendet werden: Erlauben Sie einen Host mit profile set --allow.</translation>
    </message>
    <message>
        <source>The profile %1 has no secret here.</source>
        <translation>Das Profil %1 hat hier kein Geheimnis.</translation>
    </message>
    <message>
        <source>Give it one with --secret-stdin.</source>
        <translation>Geben Sie ihm eines mit --secret-stdin.</translation>
    </message>
    <message>
        <source>Changed %1.</source>
        <translation>%1 geändert.</translation>
    </message>
    <message>
        <source>Removed %1 and its secret.</source>
        <translation>%1 und sein Geheimnis entfernt.</translation>
    </message>
    <message>
        <source>A header needs a name and a colon: %1</source>
        <translation>Ein Header braucht einen Namen und einen Doppelpunkt: %1</translation>
    </message>
    <message>
        <source>Write it as -H &apos;Accept: application/json&apos;.</source>
        <translation>Schreiben Sie ihn als -H &apos;Accept: application/json&apos;.</translation>
    </message>
    <message>
        <source>The body cannot be read: %1</source>
        <translation>Der Body ist nicht lesbar: %1</translation>
    </message>
    <message>
        <source>Sent without encryption (http).</source>
        <translation>Unverschlüsselt gesendet (http).</translation>
    </message>
    <message>
        <source>The answer repeats the secret. It is masked here.</source>
        <translation>Die Antwort wiederholt das Geheimnis. Hier ist es maskiert.</translation>
    </message>
    <message>
        <source>  To decide: %1</source>
        <translation>  Zu klären: %1</translation>
    </message>
    <message>
        <source>Bearer token</source>
        <translation>Bearer-Token</translation>
    </message>
    <message>
        <source>  state      unknown: %1</source>
        <translation>  Zustand    unbekannt: %1</translation>
    </message>
    <message>
        <source>  state      %1</source>
        <translation>  Zustand    %1</translation>
    </message>
    <message>
        <source>  issued     %1</source>
        <translation>  erteilt    %1</translation>
    </message>
    <message>
        <source>  expires    %1</source>
        <translation>  läuft ab   %1</translation>
    </message>
    <message>
        <source>  time left  %1 s</source>
        <translation>  Restzeit   %1 s</translation>
    </message>
    <message>
        <source>  scopes     %1</source>
        <translation>  Scopes     %1</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Decoded, not verified: the signature was not checked.</source>
        <translation>Dekodiert, nicht verifiziert: Die Signatur wurde nicht geprüft.</translation>
    </message>
    <message>
        <source>kind      %1</source>
        <translation>Art       %1</translation>
    </message>
    <message>
        <source>note      %1</source>
        <translation>Hinweis   %1</translation>
    </message>
    <message>
        <source>header    %1</source>
        <translation>Header    %1</translation>
    </message>
    <message>
        <source>claims    encrypted: only the header can be read</source>
        <translation>Claims    verschlüsselt: nur der Header ist lesbar</translation>
    </message>
    <message>
        <source>claims    %1</source>
        <translation>Claims    %1</translation>
    </message>
    <message>
        <source>issued    %1</source>
        <translation>erteilt   %1</translation>
    </message>
    <message>
        <source>from      %1</source>
        <translation>gültig ab %1</translation>
    </message>
    <message>
        <source>expires   %1</source>
        <translation>läuft ab  %1</translation>
    </message>
    <message>
        <source>finding   %1</source>
        <translation>Befund    %1</translation>
    </message>
    <message>
        <source>Standard input holds more than 1 MB: that is no secret.</source>
        <translation>Die Standardeingabe enthält mehr als 1 MB: Das ist kein Geheimnis.</translation>
    </message>
    <message>
        <source>Log in in the browser that has opened. Its address:</source>
        <translation>Melden Sie sich im Browser an, der sich geöffnet hat. Die Adresse:</translation>
    </message>
    <message>
        <source>Open this address in a browser and log in:</source>
        <translation>Öffnen Sie diese Adresse in einem Browser, und melden Sie sich an:</translation>
    </message>
    <message>
        <source>Open %1 and enter the code %2.</source>
        <translation>Öffnen Sie %1, und geben Sie den Code %2 ein.</translation>
    </message>
    <message>
        <source>With the code in it: %1</source>
        <translation>Mit dem Code darin: %1</translation>
    </message>
    <message>
        <source>  refresh    %1</source>
        <translation>  Refresh    %1</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>%1: the server says that the token is active.</source>
        <translation>%1: Der Server sagt, dass das Token aktiv ist.</translation>
    </message>
    <message>
        <source>%1: the server says that the token is not active.</source>
        <translation>%1: Der Server sagt, dass das Token nicht aktiv ist.</translation>
    </message>
    <message>
        <source>The key file cannot be read: %1</source>
        <translation>Die Schlüsseldatei ist nicht lesbar: %1</translation>
    </message>
    <message>
        <source>Check the path and its permissions.</source>
        <translation>Prüfen Sie den Pfad und die Zugriffsrechte.</translation>
    </message>
    <message>
        <source>The key file is larger than 1 MB.</source>
        <translation>Die Schlüsseldatei ist größer als 1 MB.</translation>
    </message>
    <message>
        <source>The result could not be written to standard output: %1.</source>
        <translation>Das Ergebnis konnte nicht in die Standardausgabe geschrieben werden: %1.</translation>
    </message>
    <message>
        <source>The workspace file names another authorization server than you confirmed (%1).</source>
        <translation>Die Arbeitsbereichsdatei nennt einen anderen Autorisierungsserver, als Sie bestätigt haben (%1).</translation>
    </message>
    <message>
        <source>Type these addresses out with profile set, or set the file back.</source>
        <translation>Geben Sie diese Adressen mit profile set selbst ein, oder setzen Sie die Datei zurück.</translation>
    </message>
    <message>
        <source>Added %1. Get its first token with token login.</source>
        <translation>%1 hinzugefügt. Das erste Token holen Sie mit token login.</translation>
    </message>
    <message>
        <source>That is no number of seconds: %1</source>
        <translation>Das ist keine Anzahl von Sekunden: %1</translation>
    </message>
    <message>
        <source>%1 is none of: %2.</source>
        <translation>%1 ist keines von: %2.</translation>
    </message>
    <message>
        <source>Use https, or type the address out in the URL (%1), which is the consent.</source>
        <translation>Verwenden Sie https, oder schreiben Sie die Adresse in der URL aus (%1); das gilt als Zustimmung.</translation>
    </message>
    <message>
        <source>Use https, or give the consent with profile set %1 --allow %2.</source>
        <translation>Verwenden Sie https, oder stimmen Sie mit profile set %1 --allow %2 zu.</translation>
    </message>
    <message>
        <source>Leave --insecure out and name the server&apos;s authority with --cacert, or allow the exception for this origin in the window.</source>
        <translation>Lassen Sie --insecure weg und nennen Sie die Zertifizierungsstelle des Servers mit --cacert, oder erlauben Sie die Ausnahme für diesen Origin im Fenster.</translation>
    </message>
    <message>
        <source>Confirm the new origins with profile set %1 --allow, or set the file back.</source>
        <translation>Bestätigen Sie die neuen Origins mit profile set %1 --allow, oder setzen Sie die Datei zurück.</translation>
    </message>
    <message>
        <source>The body holds tokens or other secrets, masked here. --reveal prints it as it came.</source>
        <translation>Der Body enthält Tokens oder andere Geheimnisse, hier maskiert. --reveal gibt ihn so aus, wie er kam.</translation>
    </message>
    <message>
        <source>Looked at, not verified: only its server can tell whether it is good.</source>
        <translation>Angesehen, nicht verifiziert: Nur sein Server weiß, ob es gilt.</translation>
    </message>
    <message>
        <source>There is no signature algorithm &quot;%1&quot; here.</source>
        <translation>Hier gibt es keinen Signaturalgorithmus „%1“.</translation>
    </message>
    <message>
        <source>Known are: %1.</source>
        <translation>Bekannt sind: %1.</translation>
    </message>
    <message>
        <source>There is no key to verify with.</source>
        <translation>Es gibt keinen Schlüssel zum Verifizieren.</translation>
    </message>
    <message>
        <source>Give --jwks FILE or URL, or --key FILE.</source>
        <translation>Geben Sie --jwks FILE oder URL an, oder --key FILE.</translation>
    </message>
    <message>
        <source>verified by the %1</source>
        <translation>verifiziert mit: %1</translation>
    </message>
    <message>
        <source>not verified: %1</source>
        <translation>nicht verifiziert: %1</translation>
    </message>
    <message>
        <source>cannot be verified: %1</source>
        <translation>nicht verifizierbar: %1</translation>
    </message>
    <message>
        <source>not looked at</source>
        <translation>nicht beachtet</translation>
    </message>
    <message>
        <source>valid</source>
        <translation>gültig</translation>
    </message>
    <message>
        <source>the token has none</source>
        <translation>das Token hat keine</translation>
    </message>
    <message>
        <source>verified   yes</source>
        <translation>verifiziert  ja</translation>
    </message>
    <message>
        <source>verified   no</source>
        <translation>verifiziert  nein</translation>
    </message>
    <message>
        <source>signature  %1</source>
        <translation>Signatur     %1</translation>
    </message>
    <message>
        <source>times      %1</source>
        <translation>Zeiten       %1</translation>
    </message>
    <message>
        <source>claims     %1</source>
        <translation>Claims       %1</translation>
    </message>
    <message>
        <source>alg        %1</source>
        <translation>alg          %1</translation>
    </message>
    <message>
        <source>kid        %1</source>
        <translation>kid          %1</translation>
    </message>
    <message>
        <source>payload    %1</source>
        <translation>Payload      %1</translation>
    </message>
    <message>
        <source>note       %1</source>
        <translation>Hinweis      %1</translation>
    </message>
    <message>
        <source>The token is verified.</source>
        <translation>Das Token ist verifiziert.</translation>
    </message>
    <message>
        <source>The token is NOT verified: %1</source>
        <translation>Das Token ist NICHT verifiziert: %1</translation>
    </message>
    <message>
        <source>The workspace file names another address to log in at than you confirmed (%1).</source>
        <translation>Die Arbeitsbereichsdatei nennt eine andere Adresse zum Anmelden, als Sie bestätigt haben (%1).</translation>
    </message>
    <message>
        <source>The file cannot be read: %1</source>
        <translation>Die Datei lässt sich nicht lesen: %1</translation>
    </message>
    <message>
        <source>The file is too large.</source>
        <translation>Die Datei ist zu groß.</translation>
    </message>
    <message>
        <source>The limit is 32 MB.</source>
        <translation>Die Grenze liegt bei 32 MB.</translation>
    </message>
    <message>
        <source>There is no such file within the document&apos;s folder.</source>
        <translation>Im Ordner des Dokuments gibt es keine solche Datei.</translation>
    </message>
    <message>
        <source>The file cannot be written: %1</source>
        <translation>Die Datei lässt sich nicht schreiben: %1</translation>
    </message>
    <message>
        <source>A report needs a kind and a file: %1</source>
        <translation>Ein Bericht braucht eine Art und eine Datei: %1</translation>
    </message>
    <message>
        <source>Write it as --report junit=results.xml. There are: %1.</source>
        <translation>Schreiben Sie --report junit=results.xml. Es gibt: %1.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is nothing to fail on.</source>
        <translation>Bei „%1“ kann nichts scheitern.</translation>
    </message>
    <message>
        <source>It is not known where the API is.</source>
        <translation>Es ist nicht bekannt, wo die API ist.</translation>
    </message>
    <message>
        <source>Define the variable baseUrl in an environment of the workspace.</source>
        <translation>Legen Sie in einer Umgebung des Arbeitsbereichs die Variable baseUrl fest.</translation>
    </message>
    <message>
        <source>The document names the server %1, where no profile may go. Nothing was sent.</source>
        <translation>Das Dokument nennt den Server %1, zu dem kein Profil darf. Nichts wurde gesendet.</translation>
    </message>
    <message>
        <source>If that is right, allow it with profile set --allow %1, or define the variable baseUrl.</source>
        <translation>Wenn das stimmt, erlauben Sie ihn mit profile set --allow %1, oder legen Sie die Variable baseUrl fest.</translation>
    </message>
    <message>
        <source>%1 requests would really be done, not %2. Nothing was sent.</source>
        <translation>%1 Anfragen würden wirklich ausgeführt, nicht %2. Nichts wurde gesendet.</translation>
    </message>
    <message>
        <source>There is nothing to send: no operation fits.</source>
        <translation>Es gibt nichts zu senden: Keine Operation passt.</translation>
    </message>
    <message>
        <source>%1 of %2 requests</source>
        <translation>%1 von %2 Anfragen</translation>
    </message>
    <message>
        <source>This run proves too little: %1 of %2 decided cells are proven.</source>
        <translation>Dieser Lauf beweist zu wenig: %1 von %2 entschiedenen Zellen sind bewiesen.</translation>
    </message>
    <message numerus="yes">
        <source>%n cell(s) pinned.</source>
        <translation>
            <numerusform>%n Zelle festgehalten.</numerusform>
            <numerusform>%n Zellen festgehalten.</numerusform>
        </translation>
    </message>
    <message>
        <source>It is not known which API this is about.</source>
        <translation>Es ist nicht bekannt, um welche API es geht.</translation>
    </message>
    <message>
        <source>Name its OpenAPI document with --openapi, or in the workspace.</source>
        <translation>Nennen Sie ihr OpenAPI-Dokument mit --openapi oder im Arbeitsbereich.</translation>
    </message>
    <message>
        <source>The document&apos;s address answered %1.</source>
        <translation>Die Adresse des Dokuments antwortete mit %1.</translation>
    </message>
    <message>
        <source>Standard input cannot be read.</source>
        <translation>Die Standardeingabe kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>Profile %1 (%2): it has no secret yet.</source>
        <translation>Profil %1 (%2): Es hat noch kein Geheimnis.</translation>
    </message>
    <message>
        <source>Profile %1 (%2): its secret is read from %3.</source>
        <translation>Profil %1 (%2): Sein Geheimnis wird aus %3 gelesen.</translation>
    </message>
    <message>
        <source>Profile %1 (%2): its secret is in the keychain.</source>
        <translation>Profil %1 (%2): Sein Geheimnis liegt im Schlüsselbund.</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n Anfrage</numerusform>
            <numerusform>%n Anfragen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n environment(s)</source>
        <translation>
            <numerusform>%n Umgebung</numerusform>
            <numerusform>%n Umgebungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n profile(s)</source>
        <translation>
            <numerusform>%n Profil</numerusform>
            <numerusform>%n Profile</numerusform>
        </translation>
    </message>
    <message>
        <source>The folder holds too much.</source>
        <translation>Der Ordner enthält zu viel.</translation>
    </message>
    <message>
        <source>Name a folder that holds the collection alone.</source>
        <translation>Nennen Sie einen Ordner, der nur die Sammlung enthält.</translation>
    </message>
    <message>
        <source>The folder holds nothing that can be imported.</source>
        <translation>Der Ordner enthält nichts, was importiert werden kann.</translation>
    </message>
    <message>
        <source>Save the document as a file and name that.</source>
        <translation>Speichern Sie das Dokument als Datei, und nennen Sie diese.</translation>
    </message>
    <message>
        <source>The file is too large for a certificate.</source>
        <translation>Die Datei ist zu groß für ein Zertifikat.</translation>
    </message>
    <message>
        <source>Give the certificate in a step of its own: profile set NAME --client-cert FILE.</source>
        <translation>Geben Sie das Zertifikat in einem eigenen Schritt an: profile set NAME --client-cert FILE.</translation>
    </message>
    <message>
        <source>Passphrase of the certificate</source>
        <translation>Passphrase des Zertifikats</translation>
    </message>
    <message>
        <source>A profile that stores nothing cannot keep a certificate.</source>
        <translation>Ein Profil, das nichts speichert, kann kein Zertifikat behalten.</translation>
    </message>
    <message>
        <source>Use --storage keychain; a profile of the kind client-certificate reads it from the environment, as PEM.</source>
        <translation>Nehmen Sie --storage keychain; ein Profil der Art client-certificate liest es als PEM aus der Umgebung.</translation>
    </message>
    <message>
        <source>This is production: one request a second. --rate changes it.</source>
        <translation>Das ist die Produktion: eine Anfrage je Sekunde. --rate ändert das.</translation>
    </message>
    <message>
        <source>It is not known that this is no production: one request a second. Give the environment a class, or use --rate.</source>
        <translation>Es ist nicht bekannt, dass dies keine Produktion ist: eine Anfrage je Sekunde. Geben Sie der Umgebung eine Klasse, oder nehmen Sie --rate.</translation>
    </message>
    <message>
        <source>%1 is production: unsafe methods are sent with --allow-unsafe only.</source>
        <translation>%1 ist die Produktion: Unsichere Methoden werden nur mit --allow-unsafe gesendet.</translation>
    </message>
    <message>
        <source>  [iteration %1]</source>
        <translation>  [Durchlauf %1]</translation>
    </message>
    <message>
        <source>%1 passed, %2 failed, %3 with an error, %4 skipped; %5 of %6 checks passed</source>
        <translation>%1 bestanden, %2 durchgefallen, %3 mit einem Fehler, %4 übersprungen; %5 von %6 Prüfungen bestanden</translation>
    </message>
    <message>
        <source>The secret of %1 is not searched for: %2</source>
        <translation>Nach dem Geheimnis von %1 wird nicht gesucht: %2</translation>
    </message>
    <message>
        <source>A secret of %1 is too short to be searched for.</source>
        <translation>Ein Geheimnis von %1 ist zu kurz, um danach zu suchen.</translation>
    </message>
    <message>
        <source>%1 could not be read: %2</source>
        <translation>%1 konnte nicht gelesen werden: %2</translation>
    </message>
    <message>
        <source>%1 is too large to be searched.</source>
        <translation>%1 ist zu groß, um durchsucht zu werden.</translation>
    </message>
    <message>
        <source>%1 findings in %2 files</source>
        <translation>%1 Funde in %2 Dateien</translation>
    </message>
    <message>
        <source>A file of the workspace cannot be read, so that what is run is not all there is. %1</source>
        <translation>Eine Datei des Arbeitsbereichs kann nicht gelesen werden, sodass nicht alles ausgeführt würde. %1</translation>
    </message>
    <message>
        <source>%1 has too much in a line, or too many findings, for all of it to be searched.</source>
        <translation>%1 hat zu viel in einer Zeile oder zu viele Funde, um ganz durchsucht zu werden.</translation>
    </message>
    <message>
        <source>  Nothing is known to have happened.</source>
        <translation>  Es ist nicht bekannt, dass etwas geschehen ist.</translation>
    </message>
    <message>
        <source>An access matrix</source>
        <translation>Eine Zugriffsmatrix</translation>
    </message>
    <message>
        <source>A run of requests</source>
        <translation>Ein Lauf von Anfragen</translation>
    </message>
    <message>
        <source>A derived profile needs a defect.</source>
        <translation>Ein abgeleitetes Profil braucht einen Fehler.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no defect of a credential.</source>
        <translation>„%1“ ist kein Fehler von Zugangsdaten.</translation>
    </message>
    <message>
        <source>A derived profile needs one that it is made from.</source>
        <translation>Ein abgeleitetes Profil braucht eines, aus dem es entsteht.</translation>
    </message>
    <message>
        <source>Name a profile whose credential is good.</source>
        <translation>Nennen Sie ein Profil mit gültigen Zugangsdaten.</translation>
    </message>
    <message>
        <source>%1 cannot be forged from: it takes a bearer token, a JWT, an OAuth token or an API key that is good.</source>
        <translation>Aus %1 lässt sich nichts fälschen: Nötig ist ein gültiges Bearer-Token, JWT, OAuth-Token oder ein API-Schlüssel.</translation>
    </message>
    <message>
        <source>  kind     derived</source>
        <translation>  Art      abgeleitet</translation>
    </message>
    <message>
        <source>  from     %1</source>
        <translation>  aus      %1</translation>
    </message>
    <message>
        <source>  defect   %1 (%2)</source>
        <translation>  Fehler   %1 (%2)</translation>
    </message>
    <message>
        <source>Added %1. Only the access matrix sends it, forged anew for each request, and never to production.</source>
        <translation>%1 hinzugefügt. Nur die Zugriffsmatrix sendet es, für jede Anfrage neu gefälscht und nie an die Produktion.</translation>
    </message>
    <message>
        <source>Removed %1.</source>
        <translation>%1 entfernt.</translation>
    </message>
    <message>
        <source>%1 is left out: what it is made from is not there.</source>
        <translation>%1 entfällt: Woraus es entsteht, ist nicht da.</translation>
    </message>
    <message>
        <source>secret, no value</source>
        <translation>geheim, ohne Wert</translation>
    </message>
    <message>
        <source>secret</source>
        <translation>geheim</translation>
    </message>
    <message>
        <source>It is not said which environment this is about.</source>
        <translation>Es ist nicht gesagt, um welche Umgebung es geht.</translation>
    </message>
    <message>
        <source>Name it with --env.</source>
        <translation>Nennen Sie sie mit --env.</translation>
    </message>
    <message>
        <source>The value comes from standard input.</source>
        <translation>Der Wert kommt von der Standardeingabe.</translation>
    </message>
    <message>
        <source>Pipe it in, and add --secret-stdin; or use --storage memory.</source>
        <translation>Leiten Sie ihn hinein und fügen Sie --secret-stdin hinzu; oder nehmen Sie --storage memory.</translation>
    </message>
    <message>
        <source>%1 is secret. It is read from %2 at each run.</source>
        <translation>%1 ist geheim. Der Wert wird bei jedem Lauf aus %2 gelesen.</translation>
    </message>
    <message>
        <source>%1 is secret. Its value is in the keychain.</source>
        <translation>%1 ist geheim. Der Wert liegt im Schlüsselbund.</translation>
    </message>
    <message>
        <source>It may go nowhere yet: allow a host with --allow.</source>
        <translation>Der Wert darf noch nirgendwohin: Erlauben Sie einen Host mit --allow.</translation>
    </message>
    <message>
        <source>The environment %1 has no secret variable %2.</source>
        <translation>Die Umgebung %1 hat keine geheime Variable %2.</translation>
    </message>
    <message>
        <source>See env list.</source>
        <translation>Siehe env list.</translation>
    </message>
    <message>
        <source>%1 is no time.</source>
        <translation>%1 ist keine Zeit.</translation>
    </message>
    <message>
        <source>Write 2026-11-27, 2026-11-27T10:00:00Z, or how long ago: 30m, 12h, 7d.</source>
        <translation>Schreiben Sie 2026-11-27, 2026-11-27T10:00:00Z oder wie lange es her ist: 30m, 12h, 7d.</translation>
    </message>
    <message>
        <source>%1 is no status.</source>
        <translation>%1 ist kein Status.</translation>
    </message>
    <message>
        <source>Write 404, 4xx, 400-499 or failed.</source>
        <translation>Schreiben Sie 404, 4xx, 400-499 oder failed.</translation>
    </message>
    <message>
        <source>anonymous</source>
        <translation>anonym</translation>
    </message>
    <message>
        <source>No history is kept. Switch it on with history on.</source>
        <translation>Es wird kein Verlauf geführt. Schalten Sie ihn mit history on ein.</translation>
    </message>
    <message>
        <source>Only the beginning of the body was kept.</source>
        <translation>Vom Inhalt wurde nur der Anfang aufbewahrt.</translation>
    </message>
    <message>
        <source>This removes every entry for good, pinned ones too.</source>
        <translation>Das entfernt alle Einträge endgültig, auch die angehefteten.</translation>
    </message>
    <message>
        <source>Say so with --yes.</source>
        <translation>Bestätigen Sie es mit --yes.</translation>
    </message>
    <message>
        <source>The body held a secret, which the history does not keep.</source>
        <translation>Der Inhalt enthielt ein Geheimnis, das der Verlauf nicht aufbewahrt.</translation>
    </message>
    <message>
        <source>The history keeps only the beginning of this body.</source>
        <translation>Der Verlauf bewahrt nur den Anfang dieses Inhalts auf.</translation>
    </message>
    <message>
        <source>Send the saved request with --now, or write it anew with send.</source>
        <translation>Senden Sie die gespeicherte Anfrage mit --now, oder schreiben Sie sie mit send neu.</translation>
    </message>
    <message>
        <source>The request %1 is not in this workspace.</source>
        <translation>Die Anfrage %1 ist nicht in diesem Arbeitsbereich.</translation>
    </message>
    <message>
        <source>Name its workspace with --workspace, or send it as then.</source>
        <translation>Nennen Sie ihren Arbeitsbereich mit --workspace, oder senden Sie sie wie damals.</translation>
    </message>
    <message>
        <source>The profile it was sent as is not in this workspace.</source>
        <translation>Das Profil, als das sie gesendet wurde, ist nicht in diesem Arbeitsbereich.</translation>
    </message>
    <message>
        <source>Name its workspace with --workspace.</source>
        <translation>Nennen Sie seinen Arbeitsbereich mit --workspace.</translation>
    </message>
    <message>
        <source>Changed, with your edits kept: %1</source>
        <translation>Geändert, Ihre Änderungen bleiben: %1</translation>
    </message>
    <message>
        <source>Changed: %1</source>
        <translation>Geändert: %1</translation>
    </message>
    <message>
        <source>No longer in the document, and kept: %1</source>
        <translation>Nicht mehr im Dokument, bleibt bestehen: %1</translation>
    </message>
    <message>
        <source>%1 new, %2 changed, %3 as before, %4 gone</source>
        <translation>%1 neu, %2 geändert, %3 wie bisher, %4 weggefallen</translation>
    </message>
    <message>
        <source>This run proves too little to be a baseline.</source>
        <translation>Dieser Lauf beweist zu wenig, um als Vergleichslauf zu dienen.</translation>
    </message>
    <message>
        <source>See its health, mend what kept it from proving more, and run again.</source>
        <translation>Prüfen Sie „health“, beheben Sie, was mehr Beweise verhindert hat, und wiederholen Sie den Lauf.</translation>
    </message>
    <message>
        <source>  beside     %1</source>
        <translation>  daneben    %1</translation>
    </message>
    <message>
        <source>  binding    %1</source>
        <translation>  Bindung    %1</translation>
    </message>
    <message>
        <source>%1: the server says whom the token stands for.</source>
        <translation>%1: Der Server sagt, für wen das Token steht.</translation>
    </message>
    <message>
        <source>resource   %1</source>
        <translation>Ressource  %1</translation>
    </message>
    <message>
        <source>name       %1</source>
        <translation>Name       %1</translation>
    </message>
    <message>
        <source>server     %1</source>
        <translation>Server     %1</translation>
    </message>
    <message>
        <source>scopes     %1</source>
        <translation>Scopes     %1</translation>
    </message>
    <message>
        <source>tokens     bound to a key (DPoP)</source>
        <translation>Token      an einen Schlüssel gebunden (DPoP)</translation>
    </message>
    <message>
        <source>The servers were not asked. Name one with --server if you trust it.</source>
        <translation>Die Server wurden nicht gefragt. Nennen Sie einen mit --server, wenn Sie ihm vertrauen.</translation>
    </message>
    <message>
        <source>A profile that logs in there:</source>
        <translation>Ein Profil, das sich dort anmeldet:</translation>
    </message>
    <message>
        <source>The API does not name this server.</source>
        <translation>Die API nennt diesen Server nicht.</translation>
    </message>
    <message>
        <source>It names none.</source>
        <translation>Sie nennt keinen.</translation>
    </message>
    <message>
        <source>It names: %1</source>
        <translation>Sie nennt: %1</translation>
    </message>
    <message>
        <source>There is no grant &quot;%1&quot;.</source>
        <translation>Es gibt keinen Grant „%1“.</translation>
    </message>
    <message>
        <source>Token to register with</source>
        <translation>Token zum Registrieren</translation>
    </message>
    <message>
        <source>The server has registered the client %1: remove it there.</source>
        <translation>Der Server hat den Client %1 registriert: Entfernen Sie ihn dort.</translation>
    </message>
    <message>
        <source>Registered %1 as the client %2. Get its first token with token login.</source>
        <translation>%1 ist als Client %2 registriert. Das erste Token holt token login.</translation>
    </message>
    <message>
        <source>The server has removed the client. Removed %1 and its secrets.</source>
        <translation>Der Server hat den Client entfernt. %1 und seine Geheimnisse sind entfernt.</translation>
    </message>
    <message>
        <source>The profile %1 sends a key along that is not here: %2.</source>
        <translation>Mit dem Profil %1 geht ein Schlüssel mit, der hier fehlt: %2.</translation>
    </message>
    <message>
        <source>  key      %1</source>
        <translation>  Key      %1</translation>
    </message>
    <message>
        <source>Secret variable %1 (%2): it has no value yet.</source>
        <translation>Geheime Variable %1 (%2): Sie hat noch keinen Wert.</translation>
    </message>
    <message>
        <source>Secret variable %1 (%2): its value is read from %3.</source>
        <translation>Geheime Variable %1 (%2): Ihr Wert wird aus %3 gelesen.</translation>
    </message>
    <message>
        <source>Secret variable %1 (%2): its value is in the keychain.</source>
        <translation>Geheime Variable %1 (%2): Ihr Wert ist im Schlüsselbund.</translation>
    </message>
    <message>
        <source>%1 goes along with %2. It reads %3 at each run.</source>
        <translation>%1 geht mit %2 mit. Bei jedem Lauf wird %3 gelesen.</translation>
    </message>
    <message>
        <source>The secret of %1 comes from the environment here, not from the keychain.</source>
        <translation>Das Geheimnis von %1 kommt hier aus der Umgebung, nicht aus dem Schlüsselbund.</translation>
    </message>
    <message>
        <source>Unset that variable.</source>
        <translation>Setzen Sie diese Variable zurück.</translation>
    </message>
    <message>
        <source>Key of %1: %2</source>
        <translation>Schlüssel von %1: %2</translation>
    </message>
    <message>
        <source>Changed the key of %2: %1.</source>
        <translation>Schlüssel von %2 geändert: %1.</translation>
    </message>
    <message>
        <source>%1 goes along with %2. The key is in the keychain.</source>
        <translation>%1 geht mit %2 mit. Der Schlüssel ist im Schlüsselbund.</translation>
    </message>
    <message>
        <source>The profile %1 has no such key: %2.</source>
        <translation>Das Profil %1 hat keinen solchen Schlüssel: %2.</translation>
    </message>
    <message>
        <source>It has none.</source>
        <translation>Es hat keinen.</translation>
    </message>
    <message>
        <source>Removed the key of %2: %1.</source>
        <translation>Schlüssel von %2 entfernt: %1.</translation>
    </message>
    <message>
        <source>Asked first: %1 as %2, for its own %3.</source>
        <translation>Zuerst gefragt: %1 als %2, nach der eigenen %3.</translation>
    </message>
    <message>
        <source>Its key %1 goes along and is read from %2.</source>
        <translation>Sein Schlüssel %1 geht mit und wird aus %2 gelesen.</translation>
    </message>
    <message>
        <source>Its key %1 goes along.</source>
        <translation>Sein Schlüssel %1 geht mit.</translation>
    </message>
    <message>
        <source>%1 is not asked: %2</source>
        <translation>%1 wird nicht gefragt: %2</translation>
    </message>
    <message>
        <source>  (waived: %1)</source>
        <translation>  (hingenommen: %1)</translation>
    </message>
    <message>
        <source>%1: the server has changed the client. It keeps:</source>
        <translation>%1: der Server hat den Client geändert. Er hat gespeichert:</translation>
    </message>
    <message>
        <source>%1: the server keeps of the client:</source>
        <translation>%1: der Server hat vom Client gespeichert:</translation>
    </message>
    <message>
        <source>Each request tells the run&apos;s id in the header %1.</source>
        <translation>Jede Anfrage nennt die Kennung des Laufs im Header %1.</translation>
    </message>
    <message>
        <source>This run&apos;s id, in the header %1: %2</source>
        <translation>Die Kennung dieses Laufs, im Header %1: %2</translation>
    </message>
    <message numerus="yes">
        <source>%n cell(s) are left of that run.</source>
        <translation>
            <numerusform>%n Zelle ist von diesem Lauf übrig.</numerusform>
            <numerusform>%n Zellen sind von diesem Lauf übrig.</numerusform>
        </translation>
    </message>
    <message>
        <source>The document is at an address, and nothing is fetched here. Name a file with --openapi to have operations named by it.</source>
        <translation>Das Dokument liegt unter einer Adresse, und hier wird nichts geholt. Mit --openapi eine Datei nennen, nach der Operationen heißen sollen.</translation>
    </message>
    <message>
        <source>Rule: %1 needs %2.</source>
        <translation>Regel: %1 braucht %2.</translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s)</source>
        <translation>
            <numerusform>%n Markierung</numerusform>
            <numerusform>%n Markierungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rule(s)</source>
        <translation>
            <numerusform>%n Regel</numerusform>
            <numerusform>%n Regeln</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ClientCertificate</name>
    <message>
        <source>The file is encrypted.</source>
        <translation>Die Datei ist verschlüsselt.</translation>
    </message>
    <message>
        <source>Type its passphrase.</source>
        <translation>Geben Sie ihre Passphrase ein.</translation>
    </message>
    <message>
        <source>The passphrase does not open the file.</source>
        <translation>Die Passphrase öffnet die Datei nicht.</translation>
    </message>
    <message>
        <source>Type the passphrase again.</source>
        <translation>Geben Sie die Passphrase noch einmal ein.</translation>
    </message>
    <message>
        <source>The PKCS#12 file is encrypted in a way that is not supported any more.</source>
        <translation>Die PKCS#12-Datei ist auf eine Weise verschlüsselt, die nicht mehr unterstützt wird.</translation>
    </message>
    <message>
        <source>Write it anew with a current program, or convert it to PEM.</source>
        <translation>Schreiben Sie sie mit einem aktuellen Programm neu, oder wandeln Sie sie in PEM um.</translation>
    </message>
    <message>
        <source>The file holds no certificate.</source>
        <translation>Die Datei enthält kein Zertifikat.</translation>
    </message>
    <message>
        <source>Choose a PEM or PKCS#12 file with certificate and private key.</source>
        <translation>Wählen Sie eine PEM- oder PKCS#12-Datei mit Zertifikat und privatem Schlüssel.</translation>
    </message>
    <message>
        <source>The file holds no private key.</source>
        <translation>Die Datei enthält keinen privaten Schlüssel.</translation>
    </message>
    <message>
        <source>Choose a file with both, or name the key&apos;s file too.</source>
        <translation>Wählen Sie eine Datei mit beidem, oder nennen Sie auch die Datei des Schlüssels.</translation>
    </message>
    <message>
        <source>The private key does not belong to the certificate.</source>
        <translation>Der private Schlüssel gehört nicht zum Zertifikat.</translation>
    </message>
    <message>
        <source>The stored certificate cannot be read.</source>
        <translation>Das gespeicherte Zertifikat kann nicht gelesen werden.</translation>
    </message>
</context>
<context>
    <name>CodeEditor</name>
    <message>
        <source>The full editor is missing, so a plain one is used: %1</source>
        <translation>Der vollständige Editor fehlt, daher wird ein einfacher verwendet: %1</translation>
    </message>
</context>
<context>
    <name>CompareAnswers</name>
    <message>
        <source>status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>header</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>body</source>
        <translation>Body</translation>
    </message>
</context>
<context>
    <name>Credentials</name>
    <message>
        <source>Remove it from the request, or send without a profile.</source>
        <translation>Entfernen Sie es aus der Anfrage, oder senden Sie ohne Profil.</translation>
    </message>
    <message>
        <source>The profile&apos;s secret is empty.</source>
        <translation>Das Geheimnis des Profils ist leer.</translation>
    </message>
    <message>
        <source>Enter the secret in the profile.</source>
        <translation>Geben Sie das Geheimnis im Profil ein.</translation>
    </message>
    <message>
        <source>The secret has %1 in it, which a request may not carry.</source>
        <translation>Das Geheimnis enthält %1; eine Anfrage darf das nicht enthalten.</translation>
    </message>
    <message>
        <source>character %1</source>
        <translation>Zeichen %1</translation>
    </message>
    <message>
        <source>Enter the secret again, without it.</source>
        <translation>Geben Sie das Geheimnis noch einmal ohne dieses Zeichen ein.</translation>
    </message>
    <message>
        <source>The request already has the field %1.</source>
        <translation>Die Anfrage hat das Feld %1 schon.</translation>
    </message>
    <message>
        <source>The key begins or ends with a space, which a header field loses.</source>
        <translation>Der Schlüssel beginnt oder endet mit einem Leerzeichen, das in einem Headerfeld verloren geht.</translation>
    </message>
    <message>
        <source>The URL already has the query field %1.</source>
        <translation>Die URL hat das Query-Feld %1 schon.</translation>
    </message>
    <message>
        <source>An API key in the URL ends up in logs.</source>
        <translation>Ein API-Schlüssel in der URL landet in Logs.</translation>
    </message>
    <message>
        <source>The key has %1 in it, which a cookie cannot carry.</source>
        <translation>Der Schlüssel enthält %1; ein Cookie kann das nicht enthalten.</translation>
    </message>
    <message>
        <source>Send the key in a header, or encode it.</source>
        <translation>Senden Sie den Schlüssel in einem Header, oder kodieren Sie ihn.</translation>
    </message>
    <message>
        <source>The request already has the cookie %1.</source>
        <translation>Die Anfrage hat das Cookie %1 schon.</translation>
    </message>
    <message>
        <source>A browser sends a cookie along with requests other sites start. Prefer a header.</source>
        <translation>Ein Browser sendet ein Cookie auch mit Anfragen, die andere Websites auslösen. Ein Header ist besser.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot name an API key.</source>
        <translation>„%1“ kann kein Name eines API-Schlüssels sein.</translation>
    </message>
    <message>
        <source>Change the key&apos;s name in the profile.</source>
        <translation>Ändern Sie den Namen des Schlüssels im Profil.</translation>
    </message>
    <message>
        <source>The API key has no place.</source>
        <translation>Für den API-Schlüssel ist kein Ort festgelegt.</translation>
    </message>
    <message>
        <source>Change the user name in the profile.</source>
        <translation>Ändern Sie den Benutzernamen im Profil.</translation>
    </message>
    <message>
        <source>A user name for Basic may not have a colon.</source>
        <translation>Ein Benutzername für Basic darf keinen Doppelpunkt enthalten.</translation>
    </message>
    <message>
        <source>The user name has a control character in it.</source>
        <translation>Der Benutzername enthält ein Steuerzeichen.</translation>
    </message>
    <message>
        <source>The user name has a character that ISO-8859-1 does not have.</source>
        <translation>Der Benutzername enthält ein Zeichen, das es in ISO-8859-1 nicht gibt.</translation>
    </message>
    <message>
        <source>The password has a character that ISO-8859-1 does not have.</source>
        <translation>Das Passwort enthält ein Zeichen, das es in ISO-8859-1 nicht gibt.</translation>
    </message>
    <message>
        <source>Send it as UTF-8: switch ISO-8859-1 off in the profile.</source>
        <translation>Senden Sie es als UTF-8: Schalten Sie ISO-8859-1 im Profil aus.</translation>
    </message>
    <message>
        <source>Change the header template in the profile.</source>
        <translation>Ändern Sie die Headervorlage im Profil.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot name a header.</source>
        <translation>„%1“ kann kein Name eines Headers sein.</translation>
    </message>
    <message>
        <source>The header template has no place for the secret.</source>
        <translation>Die Headervorlage hat keinen Platz für das Geheimnis.</translation>
    </message>
    <message>
        <source>Write {{secret}} where the secret goes.</source>
        <translation>Schreiben Sie {{secret}} dorthin, wo das Geheimnis stehen soll.</translation>
    </message>
    <message>
        <source>The header template has a control character in it.</source>
        <translation>Die Headervorlage enthält ein Steuerzeichen.</translation>
    </message>
    <message>
        <source>This kind of credential is made in steps, not placed.</source>
        <translation>Zugangsdaten dieser Art entstehen in Schritten und werden nicht einfach eingesetzt.</translation>
    </message>
    <message>
        <source>A cookie cannot carry a semicolon.</source>
        <translation>Ein Cookie kann kein Semikolon enthalten.</translation>
    </message>
    <message>
        <source>Send the token in a header.</source>
        <translation>Senden Sie das Token in einem Header.</translation>
    </message>
    <message>
        <source>The address carries a token too, as access_token.</source>
        <translation>Auch die Adresse trägt ein Token, als access_token.</translation>
    </message>
    <message>
        <source>The server asks for UTF-8, so user and password were sent again in UTF-8. The profile says ISO-8859-1: switch that off.</source>
        <translation>Der Server verlangt UTF-8, deshalb gingen Benutzer und Passwort noch einmal in UTF-8 hin. Im Profil steht ISO-8859-1: schalten Sie das ab.</translation>
    </message>
</context>
<context>
    <name>Digest</name>
    <message>
        <source>A Digest challenge names one of its parameters twice, so it is not answered.</source>
        <translation>Eine Digest-Challenge nennt einen ihrer Parameter zweimal und wird daher nicht beantwortet.</translation>
    </message>
    <message>
        <source>The Digest algorithm %1 is not known here.</source>
        <translation>Der Digest-Algorithmus %1 ist hier nicht bekannt.</translation>
    </message>
    <message>
        <source>The server asks for a Digest qop that is not known here: %1.</source>
        <translation>Der Server verlangt ein Digest-qop, das hier nicht bekannt ist: %1.</translation>
    </message>
    <message>
        <source>A Digest challenge has no nonce, so it cannot be answered.</source>
        <translation>Eine Digest-Challenge hat keine Nonce und kann daher nicht beantwortet werden.</translation>
    </message>
    <message>
        <source>The user name has a control character in it.</source>
        <translation>Der Benutzername enthält ein Steuerzeichen.</translation>
    </message>
    <message>
        <source>Change the user name in the profile.</source>
        <translation>Ändern Sie den Benutzernamen im Profil.</translation>
    </message>
    <message>
        <source>This system does not allow the server&apos;s Digest algorithm.</source>
        <translation>Dieses System erlaubt den Digest-Algorithmus des Servers nicht.</translation>
    </message>
    <message>
        <source>Ask for SHA-256 on the server, or allow MD5 in the system&apos;s OpenSSL settings.</source>
        <translation>Bitten Sie den Betreiber des Servers um SHA-256, oder erlauben Sie MD5 in den OpenSSL-Einstellungen des Systems.</translation>
    </message>
    <message>
        <source>The server refused without saying how to sign in.</source>
        <translation>Der Server hat abgelehnt, ohne zu sagen, wie man sich anmeldet.</translation>
    </message>
    <message>
        <source>The server does not ask for Digest but for %1.</source>
        <translation>Der Server verlangt nicht Digest, sondern %1.</translation>
    </message>
    <message>
        <source>The server asked for Digest.</source>
        <translation>Der Server hat Digest verlangt.</translation>
    </message>
    <message>
        <source>The server&apos;s nonce had run out; it gave a new one.</source>
        <translation>Die Nonce des Servers war abgelaufen; er hat eine neue ausgegeben.</translation>
    </message>
    <message>
        <source>The server no longer took the nonce of an earlier request; it gave a new one.</source>
        <translation>Der Server hat die Nonce einer früheren Anfrage nicht mehr angenommen; er hat eine neue ausgegeben.</translation>
    </message>
    <message>
        <source>The server refused the user name or the password.</source>
        <translation>Der Server hat den Benutzernamen oder das Passwort abgelehnt.</translation>
    </message>
    <message>
        <source>The server called every nonce stale, so asking again was given up.</source>
        <translation>Der Server nannte jede Nonce veraltet; es wurde nicht weiter versucht.</translation>
    </message>
    <message>
        <source>The server answered without asking who you are; no credential was sent.</source>
        <translation>Der Server hat geantwortet, ohne zu fragen, wer Sie sind; es wurden keine Zugangsdaten gesendet.</translation>
    </message>
    <message>
        <source>The server did not prove that it knows the password (no rspauth).</source>
        <translation>Der Server hat nicht nachgewiesen, dass er das Passwort kennt (kein rspauth).</translation>
    </message>
    <message>
        <source>The server&apos;s proof is for another request (cnonce or nc differ).</source>
        <translation>Der Nachweis des Servers gehört zu einer anderen Anfrage (cnonce oder nc weicht ab).</translation>
    </message>
    <message>
        <source>The server&apos;s proof could not be checked, because it covers the body as sent.</source>
        <translation>Der Nachweis des Servers war nicht prüfbar, da er den Body so abdeckt, wie er gesendet wurde.</translation>
    </message>
    <message>
        <source>The server&apos;s proof that it knows the password is wrong (rspauth).</source>
        <translation>Der Nachweis des Servers, dass er das Passwort kennt, ist falsch (rspauth).</translation>
    </message>
</context>
<context>
    <name>Discovery</name>
    <message>
        <source>The API names a place for its metadata that is not its own.</source>
        <translation>Die API nennt für ihre Metadaten einen Ort, der nicht ihr eigener ist.</translation>
    </message>
    <message>
        <source>Only the API itself may say where its tokens come from. Enter the issuer by hand if you know it.</source>
        <translation>Nur die API selbst darf sagen, woher ihre Token kommen. Geben Sie den Aussteller von Hand ein, wenn Sie ihn kennen.</translation>
    </message>
</context>
<context>
    <name>DoctorText</name>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1 d</translation>
    </message>
    <message>
        <source>%1 UTC</source>
        <translation>%1 UTC</translation>
    </message>
    <message>
        <source>By this computer&apos;s clock the token has not expired; the server sent no Date to compare with.</source>
        <translation>Nach der Uhr dieses Rechners ist das Token nicht abgelaufen; der Server hat kein Date zum Vergleich gesendet.</translation>
    </message>
    <message>
        <source>The clock agrees with the server to %1, so expiry is not the cause.</source>
        <translation>Die Uhr stimmt bis auf %1 mit der des Servers überein; am Ablauf liegt es also nicht.</translation>
    </message>
    <message>
        <source>The clock agrees with the server to %1.</source>
        <translation>Die Uhr stimmt bis auf %1 mit der des Servers überein.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is %1 behind the server&apos;s.</source>
        <translation>Die Uhr dieses Rechners geht gegenüber der des Servers %1 nach.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is %1 ahead of the server&apos;s.</source>
        <translation>Die Uhr dieses Rechners geht gegenüber der des Servers %1 vor.</translation>
    </message>
    <message>
        <source>By the server&apos;s clock the token has not expired.</source>
        <translation>Nach der Uhr des Servers ist das Token nicht abgelaufen.</translation>
    </message>
    <message>
        <source>The server says: “%1”</source>
        <translation>Der Server sagt: „%1“</translation>
    </message>
    <message>
        <source>The server says: “%1” – “%2”</source>
        <translation>Der Server sagt: „%1“ – „%2“</translation>
    </message>
    <message>
        <source>The answer has no WWW-Authenticate, which RFC 9110 §15.5.2 demands of a 401.</source>
        <translation>Der Antwort fehlt WWW-Authenticate, das RFC 9110 §15.5.2 bei einer 401 verlangt.</translation>
    </message>
    <message>
        <source>The answer has no Proxy-Authenticate, which RFC 9110 §15.5.8 demands of a 407.</source>
        <translation>Der Antwort fehlt Proxy-Authenticate, das RFC 9110 §15.5.8 bei einer 407 verlangt.</translation>
    </message>
    <message>
        <source>This token is opaque: its scopes cannot be read here.</source>
        <translation>Dieses Token ist opak: Seine Scopes sind hier nicht lesbar.</translation>
    </message>
    <message>
        <source>This token is encrypted: its scopes cannot be read here.</source>
        <translation>Dieses Token ist verschlüsselt: Seine Scopes sind hier nicht lesbar.</translation>
    </message>
    <message>
        <source>This token carries no scopes.</source>
        <translation>Dieses Token enthält keine Scopes.</translation>
    </message>
    <message>
        <source>This token carries %1.</source>
        <translation>Dieses Token enthält %1.</translation>
    </message>
    <message>
        <source>Its roles are %1.</source>
        <translation>Seine Rollen sind %1.</translation>
    </message>
    <message>
        <source>Send as %1</source>
        <translation>Senden als %1</translation>
    </message>
    <message>
        <source>Replace the key</source>
        <translation>Schlüssel ersetzen</translation>
    </message>
    <message>
        <source>Replace the password</source>
        <translation>Passwort ersetzen</translation>
    </message>
    <message>
        <source>Replace the token</source>
        <translation>Token ersetzen</translation>
    </message>
    <message>
        <source>Open the challenge</source>
        <translation>Challenge öffnen</translation>
    </message>
    <message>
        <source>Open the timeline</source>
        <translation>Zeitverlauf öffnen</translation>
    </message>
    <message>
        <source>Compare the clocks</source>
        <translation>Uhren vergleichen</translation>
    </message>
    <message>
        <source>Add a token</source>
        <translation>Token hinzufügen</translation>
    </message>
    <message>
        <source>The key went out in %1.</source>
        <translation>Der Schlüssel wurde in %1 gesendet.</translation>
    </message>
    <message>
        <source>The server says %1.</source>
        <translation>Der Server sagt %1.</translation>
    </message>
    <message>
        <source>The server says %1 in its body.</source>
        <translation>Der Server sagt %1 im Body.</translation>
    </message>
    <message>
        <source>The server asks for %1 in %2.</source>
        <translation>Der Server verlangt %1 in %2.</translation>
    </message>
    <message>
        <source>The token is meant for %1; the server calls its realm %2.</source>
        <translation>Das Token ist für %1 bestimmt; der Server nennt seinen Realm %2.</translation>
    </message>
    <message>
        <source>The token is meant for %1; the request went to %2.</source>
        <translation>Das Token ist für %1 bestimmt; die Anfrage ging an %2.</translation>
    </message>
    <message>
        <source>It names the issuer %1; its signature is not verified here.</source>
        <translation>Es nennt den Aussteller %1; seine Signatur wird hier nicht geprüft.</translation>
    </message>
    <message>
        <source>The answer is a web page: a gateway or a login page may have refused before the API.</source>
        <translation>Die Antwort ist eine Webseite: Vielleicht hat ein Gateway oder eine Anmeldeseite schon vor der API abgelehnt.</translation>
    </message>
    <message>
        <source>An API usually explains a %1 in JSON.</source>
        <translation>Eine API erklärt eine %1 meist in JSON.</translation>
    </message>
    <message>
        <source>No credential was sent.</source>
        <translation>Es wurden keine Zugangsdaten gesendet.</translation>
    </message>
    <message>
        <source>What the API&apos;s own errors look like: compare with one.</source>
        <translation>Wie die Fehler der API selbst aussehen: Vergleichen Sie mit einem.</translation>
    </message>
    <message>
        <source>The log of whatever stands before the API.</source>
        <translation>Das Log dessen, was vor der API steht.</translation>
    </message>
    <message>
        <source>The server does not accept the cookie that was sent.</source>
        <translation>Der Server akzeptiert das gesendete Cookie nicht.</translation>
    </message>
    <message>
        <source>The server does not know this API key.</source>
        <translation>Der Server kennt diesen API-Schlüssel nicht.</translation>
    </message>
    <message>
        <source>The server does not accept this user name and password.</source>
        <translation>Der Server akzeptiert diesen Benutzernamen mit diesem Passwort nicht.</translation>
    </message>
    <message>
        <source>The server refuses and names the reason: “%1”</source>
        <translation>Der Server lehnt ab und nennt den Grund: „%1“</translation>
    </message>
    <message>
        <source>It adds: “%1”</source>
        <translation>Er ergänzt: „%1“</translation>
    </message>
    <message>
        <source>Its problem type is %1.</source>
        <translation>Sein Problemtyp ist %1.</translation>
    </message>
    <message>
        <source>The server rejects this token, and its times do not say why.</source>
        <translation>Der Server weist dieses Token zurück, und dessen Zeiten sagen nicht, warum.</translation>
    </message>
    <message>
        <source>The server rejects this token, and an opaque token does not show why.</source>
        <translation>Der Server weist dieses Token zurück, und ein opakes Token zeigt nicht, warum.</translation>
    </message>
    <message>
        <source>The server gives no reason, and by its times the token should pass.</source>
        <translation>Der Server nennt keinen Grund, und nach seinen Zeiten müsste das Token gelten.</translation>
    </message>
    <message>
        <source>The server gives no reason, and the token shows none.</source>
        <translation>Der Server nennt keinen Grund, und das Token zeigt keinen.</translation>
    </message>
    <message>
        <source>A check of the signature with the issuer&apos;s keys.</source>
        <translation>Eine Prüfung der Signatur mit den Schlüsseln des Ausstellers.</translation>
    </message>
    <message>
        <source>The issuer&apos;s word whether the token was revoked.</source>
        <translation>Die Auskunft des Ausstellers, ob das Token widerrufen wurde.</translation>
    </message>
    <message>
        <source>The audience the API expects; this token is for %1.</source>
        <translation>Die Audience, die die API erwartet; dieses Token ist für %1.</translation>
    </message>
    <message>
        <source>The issuer&apos;s word whether the token is still active.</source>
        <translation>Die Auskunft des Ausstellers, ob das Token noch aktiv ist.</translation>
    </message>
    <message>
        <source>The same token at an address where it is known to pass.</source>
        <translation>Dasselbe Token an einer Adresse, wo es bekanntermaßen gilt.</translation>
    </message>
    <message>
        <source>The server rejects this token, but with the status for one that lacks a right.</source>
        <translation>Der Server weist dieses Token zurück, aber mit dem Status für eines, dem ein Recht fehlt.</translation>
    </message>
    <message>
        <source>The server does not say whether this user is unknown or may not do this.</source>
        <translation>Der Server sagt nicht, ob dieser Benutzer unbekannt ist oder das nicht darf.</translation>
    </message>
    <message>
        <source>The server does not say whether the key is unknown or may not do this.</source>
        <translation>Der Server sagt nicht, ob der Schlüssel unbekannt ist oder das nicht darf.</translation>
    </message>
    <message>
        <source>Another request with the same credential: does any pass?</source>
        <translation>Eine andere Anfrage mit denselben Zugangsdaten: Gelingt irgendeine?</translation>
    </message>
    <message>
        <source>The server refuses this request and does not say what is missing.</source>
        <translation>Der Server lehnt diese Anfrage ab und sagt nicht, was fehlt.</translation>
    </message>
    <message>
        <source>The same request as a profile with another role.</source>
        <translation>Dieselbe Anfrage mit einem Profil, das eine andere Rolle hat.</translation>
    </message>
    <message>
        <source>A record that belongs to this user, in case ownership is what counts.</source>
        <translation>Ein Datensatz, der diesem Benutzer gehört, falls es auf den Besitz ankommt.</translation>
    </message>
    <message>
        <source>Its plan is %1.</source>
        <translation>Sein Tarif ist %1.</translation>
    </message>
    <message>
        <source>The server says so in %1.</source>
        <translation>Der Server sagt es in %1.</translation>
    </message>
    <message>
        <source>The token carries the scope the server asks for, and is refused all the same.</source>
        <translation>Das Token enthält den verlangten Scope und wird trotzdem abgelehnt.</translation>
    </message>
    <message>
        <source>Whether the server reads scopes from another claim, or from its own records.</source>
        <translation>Ob der Server Scopes aus einem anderen Claim oder aus eigenen Daten liest.</translation>
    </message>
    <message>
        <source>Whether the role, the plan or the owner of the data matters: send as another profile.</source>
        <translation>Ob Rolle, Tarif oder Besitzer der Daten zählen: Senden Sie mit einem anderen Profil.</translation>
    </message>
    <message>
        <source>The server&apos;s log for this request.</source>
        <translation>Das Log des Servers zu dieser Anfrage.</translation>
    </message>
    <message>
        <source>It accepts the sign-in levels %1; this token tells none.</source>
        <translation>Er akzeptiert die Anmeldestufen %1; dieses Token nennt keine.</translation>
    </message>
    <message>
        <source>It accepts the sign-in levels %1; this token has %2.</source>
        <translation>Er akzeptiert die Anmeldestufen %1; dieses Token hat %2.</translation>
    </message>
    <message>
        <source>The sign-in may be at most %1 old.</source>
        <translation>Die Anmeldung darf höchstens %1 alt sein.</translation>
    </message>
    <message>
        <source>This token&apos;s was %1 ago.</source>
        <translation>Die zu diesem Token war vor %1.</translation>
    </message>
    <message>
        <source>The server wants a fresher or stronger sign-in for this.</source>
        <translation>Der Server verlangt hierfür eine frischere oder stärkere Anmeldung.</translation>
    </message>
    <message>
        <source>It does not say which scope; RFC 6750 §3.1 lets it, and that would help.</source>
        <translation>Er sagt nicht, welcher Scope; RFC 6750 §3.1 erlaubt diese Angabe, und sie würde helfen.</translation>
    </message>
    <message>
        <source>The key is known, but it may not do this.</source>
        <translation>Der Schlüssel ist bekannt, darf das aber nicht.</translation>
    </message>
    <message>
        <source>The token is valid, but it may not do this.</source>
        <translation>Das Token ist gültig, darf das aber nicht.</translation>
    </message>
    <message>
        <source>Request scope %1</source>
        <translation>Scope %1 anfordern</translation>
    </message>
    <message>
        <source>Request %1 scopes</source>
        <translation>%1 Scopes anfordern</translation>
    </message>
    <message>
        <source>The server wants a DPoP proof with its nonce, and no proof was sent.</source>
        <translation>Der Server verlangt einen DPoP-Nachweis mit seiner Nonce, und es wurde keiner gesendet.</translation>
    </message>
    <message>
        <source>The server wants a DPoP proof with the token, and none was sent.</source>
        <translation>Der Server verlangt einen DPoP-Nachweis zum Token, und es wurde keiner gesendet.</translation>
    </message>
    <message>
        <source>It asks in %1.</source>
        <translation>Er verlangt ihn in %1.</translation>
    </message>
    <message>
        <source>It hands out a nonce in DPoP-Nonce.</source>
        <translation>Er gibt in DPoP-Nonce eine Nonce aus.</translation>
    </message>
    <message>
        <source>The request went out with the scheme %1.</source>
        <translation>Die Anfrage wurde mit dem Schema %1 gesendet.</translation>
    </message>
    <message>
        <source>The server finds the request malformed, not the token.</source>
        <translation>Der Server hält die Anfrage für fehlerhaft, nicht das Token.</translation>
    </message>
    <message>
        <source>Often the credential came twice, or in a place where the server does not look for it.</source>
        <translation>Oft kamen die Zugangsdaten doppelt oder an einer Stelle, wo der Server sie nicht sucht.</translation>
    </message>
    <message>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <source>The server asks for %1, but %2 was sent.</source>
        <translation>Der Server verlangt %1, gesendet wurde aber %2.</translation>
    </message>
    <message>
        <source>The server asks for %1, but a cookie was sent.</source>
        <translation>Der Server verlangt %1, gesendet wurde aber ein Cookie.</translation>
    </message>
    <message>
        <source>The server asks for %1, but an API key was sent.</source>
        <translation>Der Server verlangt %1, gesendet wurde aber ein API-Schlüssel.</translation>
    </message>
    <message>
        <source>The token is meant for another API.</source>
        <translation>Das Token ist für eine andere API bestimmt.</translation>
    </message>
    <message>
        <source>Its audience is %1; the server calls itself %2 in its challenge.</source>
        <translation>Seine Audience ist %1; der Server nennt sich in seiner Challenge %2.</translation>
    </message>
    <message>
        <source>The server says invalid_token in its body.</source>
        <translation>Der Server sagt invalid_token im Body.</translation>
    </message>
    <message>
        <source>The server answers 403 where RFC 6750 §3.1 has 401.</source>
        <translation>Der Server antwortet mit 403, wo RFC 6750 §3.1 401 vorsieht.</translation>
    </message>
    <message>
        <source>Its middle part is not a JSON object, so it holds no claims.</source>
        <translation>Sein mittlerer Teil ist kein JSON-Objekt und enthält daher keine Claims.</translation>
    </message>
    <message>
        <source>The token looks like a JWT, but it cannot be read as one.</source>
        <translation>Das Token sieht wie ein JWT aus, ist aber nicht als solches lesbar.</translation>
    </message>
    <message>
        <source>It may have been cut or changed when it was copied.</source>
        <translation>Vielleicht wurde es beim Kopieren abgeschnitten oder verändert.</translation>
    </message>
    <message>
        <source>The token holds what no bearer token may hold.</source>
        <translation>Das Token enthält etwas, das kein Bearer-Token enthalten darf.</translation>
    </message>
    <message>
        <source>Its claim typ says %1.</source>
        <translation>Sein Claim typ sagt %1.</translation>
    </message>
    <message>
        <source>It has the claim %1, which only ID tokens have.</source>
        <translation>Es hat den Claim %1, den nur ID-Tokens haben.</translation>
    </message>
    <message>
        <source>Its header typ says %1.</source>
        <translation>Sein Header typ sagt %1.</translation>
    </message>
    <message>
        <source>This is a refresh token, which opens no API by itself.</source>
        <translation>Das ist ein Refresh-Token; allein öffnet es keine API.</translation>
    </message>
    <message>
        <source>This is an ID token: it says who signed in and opens no API.</source>
        <translation>Das ist ein ID-Token: Es sagt, wer sich angemeldet hat, und öffnet keine API.</translation>
    </message>
    <message>
        <source>The token is not signed, and servers must refuse that.</source>
        <translation>Das Token ist nicht signiert; Server müssen es ablehnen.</translation>
    </message>
    <message>
        <source>Its header says alg %1 and its signature is empty or not meant to be checked.</source>
        <translation>Sein Header sagt alg %1, und seine Signatur ist leer oder nicht zur Prüfung gedacht.</translation>
    </message>
    <message>
        <source>The date set in the profile is %1, %2 before this answer.</source>
        <translation>Das im Profil gesetzte Datum ist %1, %2 vor dieser Antwort.</translation>
    </message>
    <message>
        <source>It expired at %1, %2 before this answer.</source>
        <translation>Es ist abgelaufen am %1, %2 vor dieser Antwort.</translation>
    </message>
    <message>
        <source>The clocks disagree: for the server this token has expired.</source>
        <translation>Die Uhren stimmen nicht überein: Für den Server ist dieses Token abgelaufen.</translation>
    </message>
    <message>
        <source>The key has expired by the date set for it.</source>
        <translation>Der Schlüssel ist nach dem für ihn gesetzten Datum abgelaufen.</translation>
    </message>
    <message>
        <source>The token has expired by the date set for it.</source>
        <translation>Das Token ist nach dem dafür gesetzten Datum abgelaufen.</translation>
    </message>
    <message>
        <source>The token has expired.</source>
        <translation>Das Token ist abgelaufen.</translation>
    </message>
    <message>
        <source>It becomes valid at %1, %2 after this answer.</source>
        <translation>Es wird gültig am %1, %2 nach dieser Antwort.</translation>
    </message>
    <message>
        <source>It says it was issued at %1, %2 after this answer.</source>
        <translation>Es gibt als Ausstellung %1 an, %2 nach dieser Antwort.</translation>
    </message>
    <message>
        <source>The clocks disagree: for the server this token is not valid yet.</source>
        <translation>Die Uhren stimmen nicht überein: Für den Server ist dieses Token noch nicht gültig.</translation>
    </message>
    <message>
        <source>The token is not valid yet.</source>
        <translation>Das Token ist noch nicht gültig.</translation>
    </message>
    <message>
        <source>The token is bound to a key, and no proof of it was sent.</source>
        <translation>Das Token ist an einen Schlüssel gebunden, und dafür wurde kein Nachweis gesendet.</translation>
    </message>
    <message>
        <source>Its claim cnf names a key (RFC 9449 §6); alone it is of no use to anybody.</source>
        <translation>Sein Claim cnf nennt einen Schlüssel (RFC 9449 §6); allein nützt es niemandem.</translation>
    </message>
    <message>
        <source>The token is bound to a client certificate, and none was shown.</source>
        <translation>Das Token ist an ein Client-Zertifikat gebunden, und es wurde keines vorgelegt.</translation>
    </message>
    <message>
        <source>Its claim cnf names a certificate (RFC 8705 §3.1).</source>
        <translation>Sein Claim cnf nennt ein Zertifikat (RFC 8705 §3.1).</translation>
    </message>
    <message>
        <source>The proxy wants a credential; the API was never reached.</source>
        <translation>Der Proxy verlangt Zugangsdaten; die API wurde nicht erreicht.</translation>
    </message>
    <message>
        <source>The proxy asks for %1 in %2.</source>
        <translation>Der Proxy verlangt %1 in %2.</translation>
    </message>
    <message>
        <source>The request went through the proxy %1.</source>
        <translation>Die Anfrage ging über den Proxy %1.</translation>
    </message>
    <message>
        <source>A redirect led elsewhere, and the credential did not travel along.</source>
        <translation>Eine Weiterleitung führte woandershin, und die Zugangsdaten gingen nicht mit.</translation>
    </message>
    <message>
        <source>The redirect led to %1; a credential stays with the origin it is for.</source>
        <translation>Die Weiterleitung führte zu %1; Zugangsdaten bleiben bei dem Origin, für den sie sind.</translation>
    </message>
    <message>
        <source>If that address is right, send the request there directly.</source>
        <translation>Wenn diese Adresse stimmt, senden Sie die Anfrage direkt dorthin.</translation>
    </message>
    <message>
        <source>%1 tells that none of %2 requests is left.</source>
        <translation>%1 sagt, dass von %2 Anfragen keine übrig ist.</translation>
    </message>
    <message>
        <source>%1 tells that no request is left.</source>
        <translation>%1 sagt, dass keine Anfrage übrig ist.</translation>
    </message>
    <message>
        <source>The rate limit is used up; the token is not the cause.</source>
        <translation>Das Rate-Limit ist aufgebraucht; am Token liegt es nicht.</translation>
    </message>
    <message>
        <source>Try again in %1.</source>
        <translation>Versuchen Sie es in %1 noch einmal.</translation>
    </message>
    <message>
        <source>The answer has the field %1.</source>
        <translation>Die Antwort hat das Feld %1.</translation>
    </message>
    <message>
        <source>The answer&apos;s body speaks of CSRF.</source>
        <translation>Der Body der Antwort spricht von CSRF.</translation>
    </message>
    <message>
        <source>The server wants a CSRF token, as it does from browsers.</source>
        <translation>Der Server verlangt ein CSRF-Token, wie er es von Browsern verlangt.</translation>
    </message>
    <message>
        <source>Such a check guards requests that are known by their cookie; an API token needs none.</source>
        <translation>So eine Prüfung schützt Anfragen, die am Cookie erkannt werden; ein API-Token braucht keine.</translation>
    </message>
    <message>
        <source>A gateway in front of the API seems to have refused the request.</source>
        <translation>Ein Gateway vor der API scheint die Anfrage abgelehnt zu haben.</translation>
    </message>
    <message>
        <source>The answer is a web page, not what an API sends.</source>
        <translation>Die Antwort ist eine Webseite und nicht das, was eine API sendet.</translation>
    </message>
    <message>
        <source>It came through %1 (%2: %3).</source>
        <translation>Sie kam über %1 (%2: %3).</translation>
    </message>
    <message>
        <source>The request was sent as anonymous.</source>
        <translation>Die Anfrage wurde anonym gesendet.</translation>
    </message>
    <message>
        <source>The request went out without the secret of %1.</source>
        <translation>Die Anfrage wurde ohne das Geheimnis von %1 gesendet.</translation>
    </message>
    <message>
        <source>It gives the error code %1 although no credential came; RFC 6750 §3.1 advises against that.</source>
        <translation>Er gibt den Fehlercode %1 an, obwohl keine Zugangsdaten kamen; RFC 6750 §3.1 rät davon ab.</translation>
    </message>
    <message>
        <source>No credential was sent, and the server refuses the request without one.</source>
        <translation>Es wurden keine Zugangsdaten gesendet, und ohne sie lehnt der Server die Anfrage ab.</translation>
    </message>
    <message>
        <source>The server wants a credential, and none was sent.</source>
        <translation>Der Server verlangt Zugangsdaten, und es wurden keine gesendet.</translation>
    </message>
    <message>
        <source>It lacks %1.</source>
        <translation>Ihm fehlt %1.</translation>
    </message>
    <message>
        <source>Refresh and send again</source>
        <translation>Erneuern und noch einmal senden</translation>
    </message>
    <message>
        <source>Log in and send again…</source>
        <translation>Anmelden und noch einmal senden…</translation>
    </message>
    <message>
        <source>Log in asking for %1…</source>
        <translation>Anmelden und %1 anfordern…</translation>
    </message>
    <message>
        <source>Log in asking for %1 more scopes…</source>
        <translation>Anmelden und %1 weitere Scopes anfordern…</translation>
    </message>
    <message>
        <source>Find out where its tokens come from…</source>
        <translation>Herausfinden, woher die Token kommen …</translation>
    </message>
    <message>
        <source>Log in as the API wants it…</source>
        <translation>So anmelden, wie die API es will…</translation>
    </message>
    <message>
        <source>The token is bound to another key than the one that proved it.</source>
        <translation>Das Token ist an einen anderen Schlüssel gebunden als den, der es nachgewiesen hat.</translation>
    </message>
    <message>
        <source>The token is bound to another client certificate than the one shown.</source>
        <translation>Das Token ist an ein anderes Client-Zertifikat gebunden als das gezeigte.</translation>
    </message>
    <message>
        <source>The %1 challenge gives %2 twice, which RFC 9110 §11.2 forbids: it is not read.</source>
        <translation>Die Challenge %1 nennt %2 zweimal, was RFC 9110 §11.2 verbietet: Es wird nicht gelesen.</translation>
    </message>
    <message>
        <source>The token is bound to a key that the profile does not have.</source>
        <translation>Das Token ist an einen Schlüssel gebunden, den das Profil nicht hat.</translation>
    </message>
    <message>
        <source>The token is bound to a key and a certificate, and one of them is not the profile&apos;s.</source>
        <translation>Das Token ist an einen Schlüssel und ein Zertifikat gebunden, und eines davon ist nicht das des Profils.</translation>
    </message>
    <message>
        <source>Negotiate asks Kerberos for a ticket for the service %1.</source>
        <translation>Negotiate bittet Kerberos um ein Ticket für den Dienst %1.</translation>
    </message>
    <message>
        <source>The server does not accept the Kerberos ticket.</source>
        <translation>Der Server nimmt das Kerberos-Ticket nicht an.</translation>
    </message>
    <message>
        <source>No server is handed a ticket to use in the user&apos;s name; one that demands it refuses.</source>
        <translation>Kein Server bekommt ein Ticket, das er im Namen des Benutzers verwenden könnte; einer, der das verlangt, lehnt ab.</translation>
    </message>
    <message>
        <source>There is no Kerberos ticket for this server, so no credential was sent.</source>
        <translation>Für diesen Server gibt es kein Kerberos-Ticket, darum wurden keine Zugangsdaten gesendet.</translation>
    </message>
    <message>
        <source>%1 is an address; Kerberos knows a server by its name.</source>
        <translation>%1 ist eine Adresse; Kerberos kennt einen Server bei seinem Namen.</translation>
    </message>
    <message>
        <source>A ticket comes with the sign-in to a domain or with kinit; klist shows those that are there.</source>
        <translation>Ein Ticket kommt mit der Anmeldung an einer Domäne oder mit kinit; klist zeigt die vorhandenen.</translation>
    </message>
    <message>
        <source>User name or password go beyond ASCII and were sent in %1; the server does not say which charset it reads. %2 is worth a try: the profile has a switch for it.</source>
        <translation>Benutzername oder Passwort gehen über ASCII hinaus und gingen als %1 hin; der Server sagt nicht, welchen Zeichensatz er liest. Einen Versuch wert ist %2: das Profil hat einen Schalter dafür.</translation>
    </message>
    <message>
        <source>The server wants the request to be signed.</source>
        <translation>Der Server verlangt, dass die Anfrage signiert ist.</translation>
    </message>
    <message>
        <source>A profile of the kind HTTP signature can cover these components.</source>
        <translation>Ein Profil der Art HTTP-Signatur kann diese Bestandteile abdecken.</translation>
    </message>
    <message>
        <source>The server does not accept the request&apos;s signature.</source>
        <translation>Der Server nimmt die Signatur der Anfrage nicht an.</translation>
    </message>
    <message>
        <source>The signature covers %1.</source>
        <translation>Die Signatur deckt %1 ab.</translation>
    </message>
    <message>
        <source>It does not cover %1: add that to the profile.</source>
        <translation>Sie deckt %1 nicht ab: ergänzen Sie das im Profil.</translation>
    </message>
</context>
<context>
    <name>Dpop</name>
    <message>
        <source>The server did not take the proof of possession. Its clock and this computer&apos;s differ by %1 s.</source>
        <translation>Der Server hat den Besitznachweis nicht angenommen. Seine Uhr und die dieses Rechners weichen um %1 s voneinander ab.</translation>
    </message>
    <message>
        <source>The server did not take the proof of possession.</source>
        <translation>Der Server hat den Besitznachweis nicht angenommen.</translation>
    </message>
    <message>
        <source>A proof of possession needs a private key.</source>
        <translation>Ein Besitznachweis braucht einen privaten Schlüssel.</translation>
    </message>
    <message>
        <source>Let a new key be made.</source>
        <translation>Lassen Sie einen neuen Schlüssel erzeugen.</translation>
    </message>
    <message>
        <source>The server takes proofs by other algorithms than this key&apos;s: %1.</source>
        <translation>Der Server nimmt Nachweise nur mit anderen Algorithmen an als dem dieses Schlüssels: %1.</translation>
    </message>
    <message>
        <source>Let a new key be made for one of them.</source>
        <translation>Lassen Sie für einen davon einen neuen Schlüssel erzeugen.</translation>
    </message>
    <message>
        <source>The request already has the field %1.</source>
        <translation>Die Anfrage hat das Feld %1 schon.</translation>
    </message>
    <message>
        <source>Remove it from the request, or send without a profile.</source>
        <translation>Entfernen Sie es aus der Anfrage, oder senden Sie ohne Profil.</translation>
    </message>
    <message>
        <source>The server demands a nonce in the proof and gave none.</source>
        <translation>Der Server verlangt im Nachweis eine Nonce und hat keine ausgegeben.</translation>
    </message>
    <message>
        <source>The server demanded another nonce right after it had given one.</source>
        <translation>Der Server hat gleich nach der Ausgabe einer Nonce eine weitere verlangt.</translation>
    </message>
    <message>
        <source>Sent again with the nonce that the server demanded.</source>
        <translation>Noch einmal gesendet, mit der vom Server verlangten Nonce.</translation>
    </message>
</context>
<context>
    <name>Draft</name>
    <message>
        <source>A kept draft cannot be read.</source>
        <translation>Ein beiseitegelegter Entwurf kann nicht gelesen werden.</translation>
    </message>
</context>
<context>
    <name>EnvironmentSecrets</name>
    <message>
        <source>The profiles %1 and %2 both read the variable %3.</source>
        <translation>Die Profile %1 und %2 lesen beide die Variable %3.</translation>
    </message>
    <message>
        <source>Rename one of them.</source>
        <translation>Benennen Sie eines davon um.</translation>
    </message>
</context>
<context>
    <name>Export</name>
    <message>
        <source>%1 is left out: %2</source>
        <translation>%1 wird ausgelassen: %2</translation>
    </message>
    <message>
        <source>There is no request or folder %1.</source>
        <translation>Es gibt keine Anfrage und keinen Ordner %1.</translation>
    </message>
    <message>
        <source>Name it by its path within the workspace, such as users/list.yml.</source>
        <translation>Nennen Sie den Pfad innerhalb des Arbeitsbereichs, etwa users/list.yml.</translation>
    </message>
    <message>
        <source>The workspace has no request.</source>
        <translation>Der Arbeitsbereich hat keine Anfrage.</translation>
    </message>
    <message>
        <source>There is no format called %1.</source>
        <translation>Es gibt kein Format namens %1.</translation>
    </message>
    <message>
        <source>There are: %1.</source>
        <translation>Es gibt: %1.</translation>
    </message>
    <message>
        <source>Sent as %1; the credential is left out.</source>
        <translation>Gesendet als %1; die Zugangsdaten sind ausgelassen.</translation>
    </message>
    <message>
        <source>None of the requests can be sent by k6.</source>
        <translation>Keine der Anfragen kann von k6 gesendet werden.</translation>
    </message>
    <message>
        <source>None of the requests can be sent by JMeter.</source>
        <translation>Keine der Anfragen kann von JMeter gesendet werden.</translation>
    </message>
    <message>
        <source>%1 is left out: the method %2 has no place there.</source>
        <translation>%1 wird ausgelassen: Die Methode %2 hat dort keinen Platz.</translation>
    </message>
    <message>
        <source>%1 is left out: %2 %3 is there already.</source>
        <translation>%1 wird ausgelassen: %2 %3 ist schon da.</translation>
    </message>
    <message>
        <source>the address</source>
        <translation>die Adresse</translation>
    </message>
    <message>
        <source>%1: %2 holds a secret, which is left out. Move it to a profile.</source>
        <translation>%1: %2 enthält ein Geheimnis, das ausgelassen wird. Verschieben Sie es in ein Profil.</translation>
    </message>
    <message>
        <source>%1: its body is a file, whose bytes are not in this export.</source>
        <translation>%1: Der Rumpf ist eine Datei, deren Bytes nicht in diesem Export sind.</translation>
    </message>
    <message>
        <source>%1: the check &quot;%2&quot; is left out.</source>
        <translation>%1: Die Prüfung „%2“ fehlt.</translation>
    </message>
    <message>
        <source>fields of the same name</source>
        <translation>Felder mit demselben Namen</translation>
    </message>
    <message>
        <source>its method %1</source>
        <translation>seine Methode %1</translation>
    </message>
    <message>
        <source>files in a form with %1</source>
        <translation>Dateien in einem Formular mit %1</translation>
    </message>
    <message>
        <source>%1 is no longer good on purpose and is left out.</source>
        <translation>%1 ist mit Absicht nicht mehr gültig und fällt weg.</translation>
    </message>
    <message>
        <source>%1 is left out: overstep has no word for it.</source>
        <translation>%1 fällt weg: overstep hat kein Wort dafür.</translation>
    </message>
    <message>
        <source>%1 is left out: what %2 gets is undecided.</source>
        <translation>%1 fällt weg: Was %2 bekommt, ist unentschieden.</translation>
    </message>
    <message>
        <source>%1: whether %2 may have another&apos;s object is undecided. overstep takes it for denied.</source>
        <translation>%1: Ob %2 fremde Objekte haben darf, ist unentschieden. Für overstep gilt das als verweigert.</translation>
    </message>
    <message>
        <source>%1 logs in here. Put a token into %2 for overstep.</source>
        <translation>%1 meldet sich hier an. Für overstep gehört ein Token in %2.</translation>
    </message>
    <message>
        <source>%1: put the base64 of &quot;user:password&quot; into %2 for overstep.</source>
        <translation>%1: Für overstep gehört das Base64 von „Benutzer:Passwort“ in %2.</translation>
    </message>
    <message>
        <source>%1: whose object is whose is left out.</source>
        <translation>%1: Wem welches Objekt gehört, fällt weg.</translation>
    </message>
    <message>
        <source>%1: a credential of the kind %2 cannot be said and is left out.</source>
        <translation>%1: Anmeldedaten der Art %2 lassen sich nicht ausdrücken und fallen weg.</translation>
    </message>
    <message>
        <source>%1: put the base64 of &quot;user:password&quot; in the place of what stands in Authorization.</source>
        <translation>%1: In Authorization gehört das Base64 von „Benutzer:Passwort“.</translation>
    </message>
    <message>
        <source>%1 is left out. %2</source>
        <translation>%1 fällt weg. %2</translation>
    </message>
    <message>
        <source>A token cannot be taken from here and sent there.</source>
        <translation>Ein Token lässt sich nicht von hier nehmen und dort senden.</translation>
    </message>
    <message>
        <source>%1: its CSRF token is left out.</source>
        <translation>%1: Das CSRF-Token fällt weg.</translation>
    </message>
    <message>
        <source>%1: the keys beside its login are left out.</source>
        <translation>%1: Die Schlüssel neben der Anmeldung fallen weg.</translation>
    </message>
</context>
<context>
    <name>FileDraftStore</name>
    <message>
        <source>Edits that are not saved cannot be kept aside.</source>
        <translation>Nicht gespeicherte Änderungen können nicht beiseitegelegt werden.</translation>
    </message>
    <message>
        <source>Save them now and then.</source>
        <translation>Speichern Sie sie ab und zu.</translation>
    </message>
</context>
<context>
    <name>FileWorkspaceStore</name>
    <message>
        <source>The folders are nested too deeply.</source>
        <translation>Die Ordner sind zu tief verschachtelt.</translation>
    </message>
    <message>
        <source>Move this folder further up.</source>
        <translation>Verschieben Sie diesen Ordner weiter nach oben.</translation>
    </message>
    <message>
        <source>The file is a link that leads out of the workspace folder.</source>
        <translation>Die Datei ist ein Link, der aus dem Ordner des Arbeitsbereichs hinausführt.</translation>
    </message>
    <message>
        <source>Put the file itself here.</source>
        <translation>Legen Sie die Datei selbst hier ab.</translation>
    </message>
    <message>
        <source>The folder holds more than %1 files; the rest is left out.</source>
        <translation>Der Ordner enthält mehr als %1 Dateien; der Rest wird ausgelassen.</translation>
    </message>
    <message>
        <source>Split the workspace.</source>
        <translation>Teilen Sie den Arbeitsbereich auf.</translation>
    </message>
    <message>
        <source>The file cannot be read: %1.</source>
        <translation>Die Datei ist nicht lesbar: %1.</translation>
    </message>
    <message>
        <source>Check its permissions, then reload.</source>
        <translation>Prüfen Sie die Zugriffsrechte, und laden Sie dann neu.</translation>
    </message>
    <message>
        <source>The file is larger than %1 MB, so it is not read.</source>
        <translation>Die Datei ist größer als %1 MB und wird daher nicht gelesen.</translation>
    </message>
    <message>
        <source>Move large bodies out of the file.</source>
        <translation>Nehmen Sie große Bodys aus der Datei heraus.</translation>
    </message>
    <message>
        <source>Check the disk, then reload.</source>
        <translation>Prüfen Sie den Datenträger, und laden Sie dann neu.</translation>
    </message>
    <message>
        <source>Check that the folder may be written to and that the disk has room, then save again.</source>
        <translation>Prüfen Sie, ob der Ordner beschreibbar ist und der Datenträger Platz hat, und speichern Sie dann noch einmal.</translation>
    </message>
    <message>
        <source>There is no such folder.</source>
        <translation>Diesen Ordner gibt es nicht.</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The folder cannot be made.</source>
        <translation>Der Ordner kann nicht angelegt werden.</translation>
    </message>
    <message>
        <source>The workspace has no folder yet.</source>
        <translation>Der Arbeitsbereich hat noch keinen Ordner.</translation>
    </message>
    <message>
        <source>Choose a folder to save it in.</source>
        <translation>Wählen Sie einen Ordner zum Speichern.</translation>
    </message>
    <message>
        <source>The file name cannot be used.</source>
        <translation>Dieser Dateiname ist nicht verwendbar.</translation>
    </message>
    <message>
        <source>Use a path inside the workspace folder, without &quot;..&quot;.</source>
        <translation>Verwenden Sie einen Pfad im Ordner des Arbeitsbereichs, ohne „..“.</translation>
    </message>
    <message>
        <source>The path leads out of the workspace folder through a link.</source>
        <translation>Der Pfad führt über einen Link aus dem Ordner des Arbeitsbereichs hinaus.</translation>
    </message>
    <message>
        <source>Remove the link, or choose another folder.</source>
        <translation>Entfernen Sie den Link, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>A file of this name was made by another program.</source>
        <translation>Ein anderes Programm hat eine Datei dieses Namens angelegt.</translation>
    </message>
    <message>
        <source>Reload the workspace to see it, or save under another name.</source>
        <translation>Laden Sie den Arbeitsbereich neu, um sie zu sehen, oder speichern Sie unter einem anderen Namen.</translation>
    </message>
    <message>
        <source>Another program changed this file since it was read.</source>
        <translation>Ein anderes Programm hat diese Datei seit dem Lesen geändert.</translation>
    </message>
    <message>
        <source>Reload the workspace to see that change, then make yours again.</source>
        <translation>Laden Sie den Arbeitsbereich neu, um diese Änderung zu sehen, und machen Sie dann Ihre noch einmal.</translation>
    </message>
    <message>
        <source>This file could not be read, so it is not written over.</source>
        <translation>Diese Datei war nicht lesbar und wird daher nicht überschrieben.</translation>
    </message>
    <message>
        <source>Correct the file in a text editor, then reload.</source>
        <translation>Berichtigen Sie die Datei in einem Texteditor, und laden Sie dann neu.</translation>
    </message>
    <message>
        <source>The file cannot be saved: %1.</source>
        <translation>Die Datei kann nicht gespeichert werden: %1.</translation>
    </message>
    <message>
        <source>A request is saved in a file that ends in .yml.</source>
        <translation>Eine Anfrage wird in einer Datei gespeichert, die auf .yml endet.</translation>
    </message>
    <message>
        <source>The environment has no name.</source>
        <translation>Die Umgebung hat keinen Namen.</translation>
    </message>
    <message>
        <source>Give it a name.</source>
        <translation>Geben Sie ihr einen Namen.</translation>
    </message>
    <message>
        <source>The file cannot be removed: %1.</source>
        <translation>Die Datei kann nicht entfernt werden: %1.</translation>
    </message>
    <message>
        <source>Check that the folder may be written to, then try again.</source>
        <translation>Prüfen Sie, ob der Ordner beschreibbar ist, und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>This file is the workspace itself.</source>
        <translation>Diese Datei ist der Arbeitsbereich selbst.</translation>
    </message>
    <message>
        <source>There is no such file.</source>
        <translation>Eine solche Datei gibt es nicht.</translation>
    </message>
    <message>
        <source>Name it by its path within the workspace&apos;s folder.</source>
        <translation>Nennen Sie ihren Pfad innerhalb des Arbeitsbereichsordners.</translation>
    </message>
    <message>
        <source>The file is outside the workspace&apos;s folder, so it is not read.</source>
        <translation>Die Datei liegt außerhalb des Arbeitsbereichsordners und wird nicht gelesen.</translation>
    </message>
    <message>
        <source>Copy it into the folder and name it there.</source>
        <translation>Kopieren Sie sie in den Ordner, und nennen Sie sie dort.</translation>
    </message>
    <message>
        <source>This file has changed meanwhile.</source>
        <translation>Diese Datei hat sich inzwischen geändert.</translation>
    </message>
    <message>
        <source>Nothing was touched.</source>
        <translation>Nichts wurde angefasst.</translation>
    </message>
    <message>
        <source>This file is part of the workspace.</source>
        <translation>Diese Datei gehört zum Arbeitsbereich.</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>This is no ordinary file, so it is not read.</source>
        <translation>Das ist keine gewöhnliche Datei und wird daher nicht gelesen.</translation>
    </message>
    <message>
        <source>Name a file that holds the body.</source>
        <translation>Nennen Sie eine Datei, die den Body enthält.</translation>
    </message>
</context>
<context>
    <name>FlowFactory</name>
    <message>
        <source>What the server issued is no access token (token_type N_A).</source>
        <translation>Was der Server ausgestellt hat, ist kein Zugriffstoken (token_type N_A).</translation>
    </message>
    <message>
        <source>Exchange it for an access token, or ask for another token type.</source>
        <translation>Tauschen Sie es gegen ein Zugriffstoken, oder verlangen Sie eine andere Tokenart.</translation>
    </message>
</context>
<context>
    <name>FurtherKeys</name>
    <message>
        <source>%1 in the query</source>
        <translation>%1 in der Query</translation>
    </message>
    <message>
        <source>%1 in a cookie</source>
        <translation>%1 in einem Cookie</translation>
    </message>
    <message>
        <source>%1 in a header</source>
        <translation>%1 in einem Header</translation>
    </message>
    <message>
        <source>A key beside the credential cannot go into the field %1.</source>
        <translation>Ein zusätzlicher Schlüssel kann nicht ins Feld %1.</translation>
    </message>
    <message>
        <source>Make it the profile&apos;s own credential, or name its own field.</source>
        <translation>Machen Sie ihn zum eigenen Ausweis des Profils, oder nennen Sie ein eigenes Feld.</translation>
    </message>
    <message>
        <source>Two credentials would go to the same place: %1.</source>
        <translation>Zwei Ausweise kämen an dieselbe Stelle: %1.</translation>
    </message>
    <message>
        <source>Give each a field of its own.</source>
        <translation>Geben Sie jedem ein eigenes Feld.</translation>
    </message>
</context>
<context>
    <name>GrantKeeper</name>
    <message>
        <source>Log in with this profile.</source>
        <translation>Melden Sie sich mit diesem Profil an.</translation>
    </message>
    <message>
        <source>Mend this, then refresh the token by hand.</source>
        <translation>Beheben Sie das, und erneuern Sie das Token dann von Hand.</translation>
    </message>
    <message>
        <source>Something else is under way with this token.</source>
        <translation>Mit diesem Token ist schon etwas anderes im Gange.</translation>
    </message>
    <message>
        <source>Wait for its end, and try again.</source>
        <translation>Warten Sie das Ende ab, und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>The server knows it as active.</source>
        <translation>Der Server kennt es als aktiv.</translation>
    </message>
    <message>
        <source>The server says that it is not active.</source>
        <translation>Der Server sagt, dass es nicht aktiv ist.</translation>
    </message>
    <message>
        <source>Refreshed ahead of its expiry.</source>
        <translation>Vor dem Ablauf erneuert.</translation>
    </message>
    <message>
        <source>Revoked, and taken out of the keychain.</source>
        <translation>Widerrufen und aus dem Schlüsselbund genommen.</translation>
    </message>
    <message>
        <source>The server says who it is: %1.</source>
        <translation>Der Server sagt, wer es ist: %1.</translation>
    </message>
</context>
<context>
    <name>GrantLock</name>
    <message>
        <source>Another Keybearer is busy with this token.</source>
        <translation>Ein anderes Keybearer arbeitet gerade mit diesem Token.</translation>
    </message>
    <message>
        <source>Wait for it, or close it, and try again.</source>
        <translation>Warten Sie, oder schließen Sie es, und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>The lock for this token cannot be made.</source>
        <translation>Die Sperre für dieses Token kann nicht angelegt werden.</translation>
    </message>
    <message>
        <source>Check that the folder can be written.</source>
        <translation>Prüfen Sie, ob der Ordner beschreibbar ist.</translation>
    </message>
</context>
<context>
    <name>GrantOperation</name>
    <message>
        <source>authorization endpoint</source>
        <translation>Autorisierungs-Endpunkt</translation>
    </message>
    <message>
        <source>A login in the browser cannot be done here.</source>
        <translation>Eine Anmeldung im Browser ist hier nicht möglich.</translation>
    </message>
    <message>
        <source>Log in with the window.</source>
        <translation>Melden Sie sich im Fenster an.</translation>
    </message>
    <message>
        <source>The server does not say that it knows PKCE with S256.</source>
        <translation>Der Server sagt nicht, dass er PKCE mit S256 kennt.</translation>
    </message>
    <message>
        <source>Nobody logged in within ten minutes.</source>
        <translation>Innerhalb von zehn Minuten hat sich niemand angemeldet.</translation>
    </message>
    <message>
        <source>Start the login again.</source>
        <translation>Beginnen Sie die Anmeldung noch einmal.</translation>
    </message>
    <message>
        <source>pushed authorization endpoint</source>
        <translation>PAR-Endpunkt</translation>
    </message>
    <message>
        <source>Logged in.</source>
        <translation>Angemeldet.</translation>
    </message>
    <message>
        <source>device authorization endpoint</source>
        <translation>Geräte-Endpunkt</translation>
    </message>
    <message>
        <source>Its token is replaced by hand.</source>
        <translation>Sein Token wird von Hand ersetzt.</translation>
    </message>
    <message>
        <source>The profile %1 has nothing in this environment.</source>
        <translation>Das Profil %1 hat in dieser Umgebung nichts gespeichert.</translation>
    </message>
    <message>
        <source>Set it up for this environment first.</source>
        <translation>Richten Sie es zuerst für diese Umgebung ein.</translation>
    </message>
    <message>
        <source>Another window or program had obtained a new token.</source>
        <translation>Ein anderes Fenster oder Programm hatte schon ein neues Token geholt.</translation>
    </message>
    <message>
        <source>The workspace file names another authorization server than you confirmed (%1).</source>
        <translation>Die Arbeitsbereichsdatei nennt einen anderen Autorisierungsserver, als Sie bestätigt haben (%1).</translation>
    </message>
    <message>
        <source>Confirm the addresses in the profile, or set the file back.</source>
        <translation>Bestätigen Sie die Adressen im Profil, oder setzen Sie die Datei zurück.</translation>
    </message>
    <message>
        <source>The server&apos;s %1 is not known.</source>
        <translation>Für diesen Server ist nicht bekannt: %1.</translation>
    </message>
    <message>
        <source>Give its address, or an issuer that names it, in the profile.</source>
        <translation>Geben Sie im Profil die Adresse an, oder einen Aussteller, der sie nennt.</translation>
    </message>
    <message>
        <source>The profile has no client id.</source>
        <translation>Das Profil hat keine Client-ID.</translation>
    </message>
    <message>
        <source>Enter it in the profile.</source>
        <translation>Geben Sie das im Profil ein.</translation>
    </message>
    <message>
        <source>The client secret is missing.</source>
        <translation>Das Client-Secret fehlt.</translation>
    </message>
    <message>
        <source>The key that signs assertions is missing.</source>
        <translation>Der Schlüssel zum Signieren von Assertions fehlt.</translation>
    </message>
    <message>
        <source>Enter it in the profile, as PEM or JWK.</source>
        <translation>Geben Sie ihn im Profil als PEM oder JWK ein.</translation>
    </message>
    <message>
        <source>revocation endpoint</source>
        <translation>Widerrufs-Endpunkt</translation>
    </message>
    <message>
        <source>introspection endpoint</source>
        <translation>Introspection-Endpunkt</translation>
    </message>
    <message>
        <source>token endpoint</source>
        <translation>Token-Endpunkt</translation>
    </message>
    <message>
        <source>The server did not grant: %1.</source>
        <translation>Der Server hat nicht gewährt: %1.</translation>
    </message>
    <message>
        <source>There is no refresh token.</source>
        <translation>Es gibt kein Refresh-Token.</translation>
    </message>
    <message>
        <source>Log in again.</source>
        <translation>Melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>The server no longer takes the refresh token: %1</source>
        <translation>Der Server nimmt das Refresh-Token nicht mehr an: %1</translation>
    </message>
    <message>
        <source>Refreshed.</source>
        <translation>Erneuert.</translation>
    </message>
    <message>
        <source>Obtained a new token.</source>
        <translation>Neues Token erhalten.</translation>
    </message>
    <message>
        <source>The token to exchange is missing.</source>
        <translation>Das Token zum Tauschen fehlt.</translation>
    </message>
    <message>
        <source>The user&apos;s password is missing.</source>
        <translation>Das Passwort des Benutzers fehlt.</translation>
    </message>
    <message>
        <source>Only a login gives a new token.</source>
        <translation>Ein neues Token gibt es nur durch eine Anmeldung.</translation>
    </message>
    <message>
        <source>Log in.</source>
        <translation>Melden Sie sich an.</translation>
    </message>
    <message>
        <source>There is no token to revoke.</source>
        <translation>Es gibt kein Token zum Widerrufen.</translation>
    </message>
    <message>
        <source>The server cannot revoke this refresh token.</source>
        <translation>Der Server kann dieses Refresh-Token nicht widerrufen.</translation>
    </message>
    <message>
        <source>The server cannot revoke this access token: it stays valid until it expires.</source>
        <translation>Der Server kann dieses Access-Token nicht widerrufen: Es bleibt bis zu seinem Ablauf gültig.</translation>
    </message>
    <message>
        <source>Revoked, and taken out of the keychain.</source>
        <translation>Widerrufen und aus dem Schlüsselbund entfernt.</translation>
    </message>
    <message>
        <source>There is no token to ask about.</source>
        <translation>Es gibt kein Token, nach dem gefragt werden könnte.</translation>
    </message>
    <message>
        <source>Log in first.</source>
        <translation>Melden Sie sich zuerst an.</translation>
    </message>
    <message>
        <source>The profile %1 gets its token from nowhere.</source>
        <translation>Das Profil %1 kann nirgends ein Token holen.</translation>
    </message>
    <message>
        <source>The workspace file names another address to log in at than you confirmed (%1).</source>
        <translation>Die Arbeitsbereichsdatei nennt eine andere Adresse zum Anmelden, als Sie bestätigt haben (%1).</translation>
    </message>
    <message>
        <source>A login of the API&apos;s own has nowhere to revoke a token at.</source>
        <translation>Die eigene Anmeldung einer API kennt keine Stelle zum Widerrufen eines Tokens.</translation>
    </message>
    <message>
        <source>A login of the API&apos;s own has nowhere to ask about a token.</source>
        <translation>Die eigene Anmeldung einer API kennt keine Stelle, die Auskunft über ein Token gibt.</translation>
    </message>
    <message>
        <source>Log in again for a new token.</source>
        <translation>Melden Sie sich neu an, um ein neues Token zu erhalten.</translation>
    </message>
    <message>
        <source>login address</source>
        <translation>Anmeldeadresse</translation>
    </message>
    <message>
        <source>The refresh token was not taken: %1</source>
        <translation>Das Refresh-Token wurde nicht angenommen: %1</translation>
    </message>
    <message>
        <source>Logged in anew.</source>
        <translation>Neu angemeldet.</translation>
    </message>
    <message>
        <source>The profile %1 has no client certificate.</source>
        <translation>Das Profil %1 hat kein Client-Zertifikat.</translation>
    </message>
    <message>
        <source>Choose its file in the profile.</source>
        <translation>Wählen Sie dessen Datei im Profil.</translation>
    </message>
    <message>
        <source>The old token could not be revoked: the server&apos;s revocation endpoint is not known.</source>
        <translation>Das alte Token konnte nicht widerrufen werden: Der Widerrufs-Endpunkt des Servers ist nicht bekannt.</translation>
    </message>
    <message>
        <source>Rotated: the old token is gone, a new one is in place.</source>
        <translation>Ausgetauscht: Das alte Token ist weg, ein neues ist an seiner Stelle.</translation>
    </message>
    <message>
        <source>The server says that the old token is still active.</source>
        <translation>Der Server sagt, dass das alte Token noch aktiv ist.</translation>
    </message>
    <message>
        <source>The server says that the old token is no longer active.</source>
        <translation>Der Server sagt, dass das alte Token nicht mehr aktiv ist.</translation>
    </message>
    <message>
        <source>The server says that the old refresh token is still active.</source>
        <translation>Der Server sagt, dass das alte Refresh-Token noch aktiv ist.</translation>
    </message>
    <message>
        <source>The server says that the old refresh token is no longer active.</source>
        <translation>Der Server sagt, dass das alte Refresh-Token nicht mehr aktiv ist.</translation>
    </message>
    <message>
        <source>%1 answers without any token too, so that it says nothing of the old one.</source>
        <translation>%1 antwortet auch ohne Token und sagt damit nichts über das alte.</translation>
    </message>
    <message>
        <source>%1 with the old token still gives %2.</source>
        <translation>%1 gibt mit dem alten Token immer noch %2.</translation>
    </message>
    <message>
        <source>%1 with the old token gave %2 before and gives %3 now.</source>
        <translation>%1 gab mit dem alten Token vorher %2 und gibt jetzt %3.</translation>
    </message>
    <message>
        <source>%1 with the old token gave %2 before and %3 now, which proves nothing.</source>
        <translation>%1 gab mit dem alten Token vorher %2 und jetzt %3; das beweist nichts.</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>keine Antwort</translation>
    </message>
    <message>
        <source>Nobody said whether the old token still works.</source>
        <translation>Niemand hat gesagt, ob das alte Token noch gilt.</translation>
    </message>
    <message>
        <source>userinfo endpoint</source>
        <translation>Userinfo-Endpunkt</translation>
    </message>
    <message>
        <source>The id_token is encrypted and was not checked.</source>
        <translation>Das id_token ist verschlüsselt und wurde nicht geprüft.</translation>
    </message>
    <message>
        <source>There is no token to ask with.</source>
        <translation>Es gibt kein Token, mit dem gefragt werden könnte.</translation>
    </message>
    <message>
        <source>The signature of the id_token was not verified: %1</source>
        <translation>Die Signatur des id_token wurde nicht geprüft: %1</translation>
    </message>
    <message>
        <source>Do not use what came with it: somebody else may have made it. Compare the issuer in the profile with the server that answers.</source>
        <translation>Verwenden Sie nicht, was damit kam: es könnte von jemand anderem stammen. Vergleichen Sie den Aussteller im Profil mit dem Server, der antwortet.</translation>
    </message>
    <message>
        <source>it is signed with a secret that is not here.</source>
        <translation>es ist mit einem Geheimnis signiert, das hier nicht vorliegt.</translation>
    </message>
    <message>
        <source>the profile names no issuer.</source>
        <translation>das Profil nennt keinen Aussteller.</translation>
    </message>
    <message>
        <source>The server gave no new refresh token. Of a client without a secret it has to be good for one use, or be bound to a key (RFC 9700 §4.14.2): whoever copies it can use it unnoticed.</source>
        <translation>Der Server gab kein neues Refresh-Token. Bei einem Client ohne Geheimnis muss es für eine einzige Verwendung gelten oder an einen Schlüssel gebunden sein (RFC 9700 §4.14.2): wer es kopiert, kann es unbemerkt verwenden.</translation>
    </message>
</context>
<context>
    <name>GrantRecord</name>
    <message>
        <source>Correct the address in the profile.</source>
        <translation>Berichtigen Sie die Adresse im Profil.</translation>
    </message>
    <message>
        <source>An address kept with the secret does not read.</source>
        <translation>Eine mit dem Geheimnis aufbewahrte Adresse ist nicht lesbar.</translation>
    </message>
    <message>
        <source>Confirm the profile&apos;s addresses again.</source>
        <translation>Bestätigen Sie die Adressen des Profils noch einmal.</translation>
    </message>
</context>
<context>
    <name>GrantState</name>
    <message>
        <source>The token could not be refreshed, and is still valid. %1</source>
        <translation>Das Token konnte nicht erneuert werden und ist noch gültig. %1</translation>
    </message>
    <message>
        <source>The token has expired and is sent on purpose.</source>
        <translation>Das Token ist abgelaufen und wird absichtlich gesendet.</translation>
    </message>
    <message>
        <source>There is no token yet. Log in.</source>
        <translation>Es gibt noch kein Token. Melden Sie sich an.</translation>
    </message>
    <message>
        <source>The token has expired and cannot be refreshed. Log in again.</source>
        <translation>Das Token ist abgelaufen und kann nicht erneuert werden. Melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>The token has expired, and refreshing ahead is switched off.</source>
        <translation>Das Token ist abgelaufen, und das Erneuern vor dem Ablauf ist ausgeschaltet.</translation>
    </message>
    <message>
        <source>The server refused the new token as well. It is not refreshed again.</source>
        <translation>Der Server hat auch das neue Token abgelehnt. Es wird nicht noch einmal erneuert.</translation>
    </message>
    <message>
        <source>The token was refreshed meanwhile. Sent again with the new one.</source>
        <translation>Das Token wurde inzwischen erneuert. Noch einmal gesendet, mit dem neuen.</translation>
    </message>
    <message>
        <source>The server refused the token. Refreshing after a refusal is switched off.</source>
        <translation>Der Server hat das Token abgelehnt. Das Erneuern nach einer Ablehnung ist ausgeschaltet.</translation>
    </message>
    <message>
        <source>This token was new and is refused all the same. It is not refreshed again.</source>
        <translation>Dieses Token war neu und wird trotzdem abgelehnt. Es wird nicht noch einmal erneuert.</translation>
    </message>
    <message>
        <source>The server refused the token, and it cannot be refreshed. Log in again.</source>
        <translation>Der Server hat das Token abgelehnt, und es kann nicht erneuert werden. Melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>The server refused the token. Refreshed once and sent again.</source>
        <translation>Der Server hat das Token abgelehnt. Einmal erneuert und noch einmal gesendet.</translation>
    </message>
    <message>
        <source>The token&apos;s scopes are not enough. A refresh would not change that.</source>
        <translation>Die Scopes des Tokens reichen nicht. Ein Erneuern würde das nicht ändern.</translation>
    </message>
    <message>
        <source>The token&apos;s scopes are not enough. The server wants: %1.</source>
        <translation>Die Scopes des Tokens reichen nicht. Der Server verlangt: %1.</translation>
    </message>
    <message>
        <source>The server wants a stronger or a more recent login.</source>
        <translation>Der Server verlangt eine stärkere oder frischere Anmeldung.</translation>
    </message>
    <message>
        <source>The new token is not used before it is kept safely. %1</source>
        <translation>Das neue Token wird erst verwendet, wenn es sicher aufbewahrt ist. %1</translation>
    </message>
    <message>
        <source>The server no longer takes the refresh token: %1. A new token is obtained.</source>
        <translation>Der Server nimmt das Refresh-Token nicht mehr an: %1. Es wird ein neues Token geholt.</translation>
    </message>
    <message>
        <source>The server no longer takes the refresh token: %1. Log in again.</source>
        <translation>Der Server nimmt das Refresh-Token nicht mehr an: %1. Melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>The token was revoked.</source>
        <translation>Das Token wurde widerrufen.</translation>
    </message>
</context>
<context>
    <name>HeaderText</name>
    <message>
        <source>A header has no name.</source>
        <translation>Ein Header hat keinen Namen.</translation>
    </message>
    <message>
        <source>Give it a name or remove it.</source>
        <translation>Geben Sie ihm einen Namen, oder entfernen Sie ihn.</translation>
    </message>
    <message>
        <source>A header name holds a character that is not allowed.</source>
        <translation>Ein Headername enthält ein Zeichen, das nicht erlaubt ist.</translation>
    </message>
    <message>
        <source>character %1 of the name</source>
        <translation>Zeichen %1 des Namens</translation>
    </message>
    <message>
        <source>Use letters, digits and !#$%&amp;&apos;*+-.^_`|~ only.</source>
        <translation>Verwenden Sie nur Buchstaben, Ziffern und !#$%&amp;&apos;*+-.^_`|~.</translation>
    </message>
    <message>
        <source>a carriage return</source>
        <translation>einen Wagenrücklauf</translation>
    </message>
    <message>
        <source>a line break</source>
        <translation>einen Zeilenumbruch</translation>
    </message>
    <message>
        <source>a NUL character</source>
        <translation>ein NUL-Zeichen</translation>
    </message>
    <message>
        <source>The value of a header holds %1.</source>
        <translation>Der Wert eines Headers enthält %1.</translation>
    </message>
    <message>
        <source>header %1, character %2</source>
        <translation>Header %1, Zeichen %2</translation>
    </message>
    <message>
        <source>Remove it; it would end the header and begin another.</source>
        <translation>Entfernen Sie dieses Zeichen; es würde den Header beenden und einen weiteren beginnen.</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>The history cannot be used: %1</source>
        <translation>Der Verlauf kann nicht benutzt werden: %1</translation>
    </message>
    <message>
        <source>Close other programs that use it, and check the disk.</source>
        <translation>Schließen Sie andere Programme, die ihn benutzen, und prüfen Sie den Datenträger.</translation>
    </message>
    <message>
        <source>A newer Keybearer made this history.</source>
        <translation>Ein neueres Keybearer hat diesen Verlauf angelegt.</translation>
    </message>
    <message>
        <source>Use that version, or move the file away.</source>
        <translation>Benutzen Sie jene Version, oder verschieben Sie die Datei.</translation>
    </message>
    <message>
        <source>The history was damaged. It was set aside as %1, and a new one begun.</source>
        <translation>Der Verlauf war beschädigt. Er wurde als %1 beiseitegelegt und ein neuer begonnen.</translation>
    </message>
    <message>
        <source>This exchange is no longer in the history.</source>
        <translation>Dieser Austausch ist nicht mehr im Verlauf.</translation>
    </message>
    <message>
        <source>Make room on the disk. What the history has is kept.</source>
        <translation>Schaffen Sie Platz auf dem Datenträger. Was im Verlauf steht, bleibt erhalten.</translation>
    </message>
    <message>
        <source>A damaged history that was set aside cannot be deleted.</source>
        <translation>Ein beschädigter Verlauf, der beiseitegelegt wurde, lässt sich nicht löschen.</translation>
    </message>
</context>
<context>
    <name>HostText</name>
    <message>
        <source>character %1</source>
        <translation>Zeichen %1</translation>
    </message>
    <message>
        <source>The IPv6 address has no closing bracket.</source>
        <translation>Der IPv6-Adresse fehlt die schließende Klammer.</translation>
    </message>
    <message>
        <source>Only a port may follow the IPv6 address.</source>
        <translation>Auf die IPv6-Adresse darf nur ein Port folgen.</translation>
    </message>
    <message>
        <source>An IPv6 address with a zone cannot be used in a URL.</source>
        <translation>Eine IPv6-Adresse mit Zone ist in einer URL nicht verwendbar.</translation>
    </message>
    <message>
        <source>Use the address without the part after %.</source>
        <translation>Verwenden Sie die Adresse ohne den Teil nach %.</translation>
    </message>
    <message>
        <source>This is not an IPv6 address.</source>
        <translation>Das ist keine IPv6-Adresse.</translation>
    </message>
    <message>
        <source>The URL has no host name.</source>
        <translation>Die URL hat keinen Hostnamen.</translation>
    </message>
    <message>
        <source>A host name cannot be percent-encoded.</source>
        <translation>Ein Hostname darf nicht prozentkodiert sein.</translation>
    </message>
    <message>
        <source>This character cannot be part of a host name.</source>
        <translation>Dieses Zeichen darf nicht in einem Hostnamen stehen.</translation>
    </message>
    <message>
        <source>This host name has no form for the network (RFC 5891).</source>
        <translation>Dieser Hostname hat keine Form für das Netz (RFC 5891).</translation>
    </message>
    <message>
        <source>A part of the host name between dots is empty.</source>
        <translation>Ein Teil des Hostnamens zwischen Punkten ist leer.</translation>
    </message>
    <message>
        <source>A part of the host name is longer than 63 characters.</source>
        <translation>Ein Teil des Hostnamens ist länger als 63 Zeichen.</translation>
    </message>
    <message>
        <source>The host name is longer than 253 characters.</source>
        <translation>Der Hostname ist länger als 253 Zeichen.</translation>
    </message>
    <message>
        <source>This looks like an IP address but is not four numbers from 0 to 255.</source>
        <translation>Das sieht wie eine IP-Adresse aus, besteht aber nicht aus vier Zahlen von 0 bis 255.</translation>
    </message>
    <message>
        <source>Write it like 127.0.0.1, without leading zeros.</source>
        <translation>Schreiben Sie sie wie 127.0.0.1, ohne führende Nullen.</translation>
    </message>
</context>
<context>
    <name>HttpSignature</name>
    <message>
        <source>Change the profile&apos;s signature settings.</source>
        <translation>Ändern Sie die Signatureinstellungen des Profils.</translation>
    </message>
    <message>
        <source>The signature algorithm &quot;%1&quot; is not known.</source>
        <translation>Der Signaturalgorithmus „%1“ ist nicht bekannt.</translation>
    </message>
    <message>
        <source>A covered component has a line break or a character outside ASCII in it.</source>
        <translation>Eine abgedeckte Komponente enthält einen Zeilenumbruch oder ein Zeichen außerhalb von ASCII.</translation>
    </message>
    <message>
        <source>Cover a field of that kind with the parameter bs.</source>
        <translation>Decken Sie ein solches Feld mit dem Parameter bs ab.</translation>
    </message>
    <message>
        <source>The signature parameter %1 may hold printable ASCII only.</source>
        <translation>Der Signaturparameter %1 darf nur druckbares ASCII enthalten.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot label a signature; use small letters, digits and - _ . *</source>
        <translation>„%1“ kann kein Label einer Signatur sein; verwenden Sie Kleinbuchstaben, Ziffern und - _ . *</translation>
    </message>
    <message>
        <source>The request already has a signature labelled %1.</source>
        <translation>Die Anfrage hat schon eine Signatur mit dem Label %1.</translation>
    </message>
    <message>
        <source>The request&apos;s own Content-Digest does not fit its body.</source>
        <translation>Das eigene Content-Digest der Anfrage passt nicht zu ihrem Body.</translation>
    </message>
    <message>
        <source>The server asks for a signature over: %1.</source>
        <translation>Der Server verlangt eine Signatur über: %1.</translation>
    </message>
    <message>
        <source>Change the components in the profile&apos;s signature settings.</source>
        <translation>Ändern Sie die Komponenten in den Signatureinstellungen des Profils.</translation>
    </message>
    <message>
        <source>The signature covers %1, which the request does not have.</source>
        <translation>Die Signatur deckt %1 ab; die Anfrage hat das nicht.</translation>
    </message>
    <message>
        <source>Add it to the request, or take it out of the profile&apos;s signature settings.</source>
        <translation>Ergänzen Sie es in der Anfrage, oder entfernen Sie es aus den Signatureinstellungen des Profils.</translation>
    </message>
    <message>
        <source>The component %1 cannot have the parameter %2.</source>
        <translation>Die Komponente %1 kann den Parameter %2 nicht haben.</translation>
    </message>
    <message>
        <source>@query-param needs the name of a query field: @query-param;name=&quot;id&quot;.</source>
        <translation>@query-param braucht den Namen eines Query-Felds: @query-param;name=&quot;id&quot;.</translation>
    </message>
    <message>
        <source>The parameter bs does not go together with sf or key.</source>
        <translation>Der Parameter bs verträgt sich nicht mit sf oder key.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a component of a signature.</source>
        <translation>„%1“ ist keine Komponente einer Signatur.</translation>
    </message>
    <message>
        <source>The parameter req is for signatures of answers only.</source>
        <translation>Der Parameter req ist nur für Signaturen von Antworten.</translation>
    </message>
    <message>
        <source>The parameter tr is for trailers, which a request does not have.</source>
        <translation>Der Parameter tr ist für Trailer, und eine Anfrage hat keine.</translation>
    </message>
    <message>
        <source>@status is for signatures of answers only.</source>
        <translation>@status ist nur für Signaturen von Antworten.</translation>
    </message>
    <message>
        <source>@signature-params is added by itself.</source>
        <translation>@signature-params wird von selbst hinzugefügt.</translation>
    </message>
    <message>
        <source>The component %1 is not known.</source>
        <translation>Die Komponente %1 ist nicht bekannt.</translation>
    </message>
    <message>
        <source>With more than one Host field the authority cannot be signed.</source>
        <translation>Bei mehr als einem Feld Host kann die Authority nicht signiert werden.</translation>
    </message>
    <message>
        <source>The query field %1 is there more than once, so it cannot be signed alone. Cover @query instead.</source>
        <translation>Das Query-Feld %1 kommt mehrmals vor und kann daher nicht einzeln signiert werden. Decken Sie stattdessen @query ab.</translation>
    </message>
    <message>
        <source>The field %1 is not a structured field, so it cannot be signed with sf.</source>
        <translation>Das Feld %1 ist kein Structured Field und kann daher nicht mit sf signiert werden.</translation>
    </message>
    <message>
        <source>The field %1 is not a dictionary, so it has no keys.</source>
        <translation>Das Feld %1 ist kein Dictionary und hat daher keine Schlüssel.</translation>
    </message>
    <message>
        <source>The component %1 is named twice.</source>
        <translation>Die Komponente %1 ist zweimal genannt.</translation>
    </message>
    <message>
        <source>The server asks for a signature over: %1; with %2 in it.</source>
        <translation>Der Server verlangt eine Signatur über: %1; mit %2 darin.</translation>
    </message>
</context>
<context>
    <name>IdToken</name>
    <message>
        <source>Do not use what came with it. Log in again.</source>
        <translation>Verwenden Sie nicht, was damit kam. Melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>The id_token is encrypted and cannot be checked.</source>
        <translation>Das id_token ist verschlüsselt und nicht prüfbar.</translation>
    </message>
    <message>
        <source>The id_token has no nonce.</source>
        <translation>Das id_token hat keine Nonce.</translation>
    </message>
    <message>
        <source>The id_token belongs to another login: its nonce is not ours.</source>
        <translation>Das id_token gehört zu einer anderen Anmeldung: Seine Nonce ist nicht unsere.</translation>
    </message>
    <message>
        <source>The id_token was issued by another server.</source>
        <translation>Das id_token wurde von einem anderen Server ausgestellt.</translation>
    </message>
    <message>
        <source>The id_token is for another client.</source>
        <translation>Das id_token ist für einen anderen Client.</translation>
    </message>
    <message>
        <source>The id_token was issued to another client.</source>
        <translation>Das id_token wurde einem anderen Client ausgestellt.</translation>
    </message>
    <message>
        <source>The id_token has expired, or does not say when it will.</source>
        <translation>Das id_token ist abgelaufen oder sagt nicht, wann es abläuft.</translation>
    </message>
    <message>
        <source>The id_token is about another access token (at_hash).</source>
        <translation>Das id_token gehört zu einem anderen Access-Token (at_hash).</translation>
    </message>
    <message>
        <source>The id_token does not say which user it is about (sub).</source>
        <translation>Das id_token sagt nicht, um welchen Benutzer es geht (sub).</translation>
    </message>
    <message>
        <source>The id_token does not say when it was made (iat).</source>
        <translation>Das id_token sagt nicht, wann es erstellt wurde (iat).</translation>
    </message>
    <message>
        <source>The id_token was made in the future (iat).</source>
        <translation>Das id_token wurde in der Zukunft erstellt (iat).</translation>
    </message>
    <message>
        <source>The id_token has no signature.</source>
        <translation>Das id_token hat keine Signatur.</translation>
    </message>
    <message>
        <source>The id_token of the refresh was issued by another server.</source>
        <translation>Das id_token der Erneuerung wurde von einem anderen Server ausgestellt.</translation>
    </message>
    <message>
        <source>The id_token of the refresh is about another user.</source>
        <translation>Im id_token der Erneuerung geht es um einen anderen Benutzer.</translation>
    </message>
    <message>
        <source>The id_token of the refresh is for another client.</source>
        <translation>Das id_token der Erneuerung ist für einen anderen Client.</translation>
    </message>
    <message>
        <source>The id_token of the refresh was issued to another client.</source>
        <translation>Das id_token der Erneuerung wurde einem anderen Client ausgestellt.</translation>
    </message>
    <message>
        <source>The id_token of the refresh is of another login (auth_time).</source>
        <translation>Das id_token der Erneuerung gehört zu einer anderen Anmeldung (auth_time).</translation>
    </message>
    <message>
        <source>The id_token of the refresh is of another login (nonce).</source>
        <translation>Das id_token der Erneuerung gehört zu einer anderen Anmeldung (nonce).</translation>
    </message>
    <message>
        <source>The server does not say how strong the sign-in was (acr); the API wants %1.</source>
        <translation>Der Server sagt nicht, wie stark die Anmeldung war (acr); die API will %1.</translation>
    </message>
    <message>
        <source>The sign-in has the level %1; the API wants %2.</source>
        <translation>Die Anmeldung hat die Stufe %1; die API will %2.</translation>
    </message>
    <message>
        <source>The server does not say when the user signed in (auth_time).</source>
        <translation>Der Server sagt nicht, wann der Benutzer sich angemeldet hat (auth_time).</translation>
    </message>
    <message>
        <source>The sign-in is older than the %1 seconds that the API allows.</source>
        <translation>Die Anmeldung ist älter als die %1 Sekunden, die die API erlaubt.</translation>
    </message>
    <message>
        <source>The signature of the id_token is verified (%1).</source>
        <translation>Die Signatur des id_token ist geprüft (%1).</translation>
    </message>
    <message>
        <source>The signature of the id_token was not verified: %1</source>
        <translation>Die Signatur des id_token wurde nicht geprüft: %1</translation>
    </message>
    <message>
        <source>The signature of the id_token is not right: %1</source>
        <translation>Die Signatur des id_token stimmt nicht: %1</translation>
    </message>
</context>
<context>
    <name>Import</name>
    <message>
        <source>Line %1 begins no block.</source>
        <translation>Zeile %1 beginnt keinen Block.</translation>
    </message>
    <message>
        <source>A block begins with its name and {.</source>
        <translation>Ein Block beginnt mit seinem Namen und {.</translation>
    </message>
    <message>
        <source>The block %1 in line %2 does not end.</source>
        <translation>Der Block %1 in Zeile %2 endet nicht.</translation>
    </message>
    <message>
        <source>It is not known what this is.</source>
        <translation>Es ist nicht bekannt, was das ist.</translation>
    </message>
    <message>
        <source>It is neither a curl command nor readable as JSON or YAML: %1</source>
        <translation>Es ist weder ein curl-Befehl noch als JSON oder YAML lesbar: %1</translation>
    </message>
    <message>
        <source>It can be an OpenAPI document, a collection of Postman, Insomnia, Bruno or OpenCollection, a HAR file, an .http file or curl commands.</source>
        <translation>Es kann ein OpenAPI-Dokument sein, eine Sammlung von Postman, Insomnia, Bruno oder OpenCollection, eine HAR-Datei, eine .http-Datei oder curl-Befehle.</translation>
    </message>
    <message>
        <source>There is no format called %1.</source>
        <translation>Es gibt kein Format namens %1.</translation>
    </message>
    <message>
        <source>There are: %1.</source>
        <translation>Es gibt: %1.</translation>
    </message>
    <message>
        <source>There is nothing to import.</source>
        <translation>Es gibt nichts zu importieren.</translation>
    </message>
    <message>
        <source>There is no request in it.</source>
        <translation>Es ist keine Anfrage darin.</translation>
    </message>
    <message>
        <source>The secret variable %1 has no value in the files.</source>
        <translation>Die geheime Variable %1 hat in den Dateien keinen Wert.</translation>
    </message>
    <message>
        <source>%1: its scripts are not taken over.</source>
        <translation>%1: Die Skripte werden nicht übernommen.</translation>
    </message>
    <message>
        <source>%1 is no HTTP request and is left out.</source>
        <translation>%1 ist keine HTTP-Anfrage und wird ausgelassen.</translation>
    </message>
    <message>
        <source>%1: a body of the kind %2 is left out.</source>
        <translation>%1: Ein Body der Art %2 wird ausgelassen.</translation>
    </message>
    <message>
        <source>The proxy %1 is not taken over: set it in the settings.</source>
        <translation>Der Proxy %1 wird nicht übernommen: Stellen Sie ihn in den Einstellungen ein.</translation>
    </message>
    <message>
        <source>A client certificate is not taken over.</source>
        <translation>Ein Client-Zertifikat wird nicht übernommen.</translation>
    </message>
    <message>
        <source>The file of options %1 is not read.</source>
        <translation>Die Optionsdatei %1 wird nicht gelesen.</translation>
    </message>
    <message>
        <source>The headers in the file %1 are not read.</source>
        <translation>Die Header in der Datei %1 werden nicht gelesen.</translation>
    </message>
    <message>
        <source>The cookies in the file %1 are not read.</source>
        <translation>Die Cookies in der Datei %1 werden nicht gelesen.</translation>
    </message>
    <message>
        <source>The body is the file %1: copy it into the workspace&apos;s folder.</source>
        <translation>Der Body ist die Datei %1: Kopieren Sie sie in den Arbeitsbereichsordner.</translation>
    </message>
    <message>
        <source>The file %1 is not read.</source>
        <translation>Die Datei %1 wird nicht gelesen.</translation>
    </message>
    <message>
        <source>The part %1 is the file %2: copy it into the workspace&apos;s folder.</source>
        <translation>Der Teil %1 ist die Datei %2: Kopieren Sie sie in den Arbeitsbereichsordner.</translation>
    </message>
    <message>
        <source>Folders that stand more than %1 deep are left out.</source>
        <translation>Ordner in mehr als %1 Ebenen werden ausgelassen.</translation>
    </message>
    <message>
        <source>%1: authorization of the kind %2 is not supported.</source>
        <translation>%1: Autorisierung der Art %2 wird nicht unterstützt.</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) that came again are left out.</source>
        <translation>
            <numerusform>%n wiederholte Anfrage ist ausgelassen.</numerusform>
            <numerusform>%n wiederholte Anfragen sind ausgelassen.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 sends the file %2: copy it into the workspace&apos;s folder.</source>
        <translation>%1 sendet die Datei %2: Kopieren Sie sie in den Arbeitsbereichsordner.</translation>
    </message>
    <message>
        <source>A template tag ({% … %}) is no variable and stays as it is: %1</source>
        <translation>Ein Vorlagen-Tag ({% … %}) ist keine Variable und bleibt, wie es ist: %1</translation>
    </message>
    <message>
        <source>%1: the form&apos;s field %2 was off and is left out.</source>
        <translation>%1: Das Formularfeld %2 war aus und wird ausgelassen.</translation>
    </message>
    <message>
        <source>Unnamed</source>
        <translation>Ohne Namen</translation>
    </message>
    <message>
        <source>%1 carries two credentials. %2 is a profile of its own and is not sent along.</source>
        <translation>%1 trägt zwei Zugangsdaten. %2 ist ein eigenes Profil und wird nicht mitgesendet.</translation>
    </message>
    <message>
        <source>the address</source>
        <translation>die Adresse</translation>
    </message>
    <message>
        <source>The document is too large.</source>
        <translation>Das Dokument ist zu groß.</translation>
    </message>
    <message>
        <source>The limit is 32 MB.</source>
        <translation>Die Grenze ist 32 MB.</translation>
    </message>
    <message>
        <source>The variable %1 holds a secret. It is kept in a profile and no longer a variable.</source>
        <translation>Die Variable %1 enthält ein Geheimnis. Es liegt in einem Profil und ist keine Variable mehr.</translation>
    </message>
    <message>
        <source>A name</source>
        <translation>Ein Name</translation>
    </message>
    <message>
        <source>%1 held a secret. It is kept as the profile %2; {{%2}} stands in its place.</source>
        <translation>%1 enthielt ein Geheimnis. Es liegt im Profil %2; an seiner Stelle steht {{%2}}.</translation>
    </message>
    <message>
        <source>%1: its body was off and is left out.</source>
        <translation>%1: Der Rumpf war ausgeschaltet und ist weggelassen.</translation>
    </message>
    <message>
        <source>%1 held a secret. It is kept as the secret variable %2; {{%2}} stands in its place.</source>
        <translation>%1 enthielt ein Geheimnis. Es ist als geheime Variable %2 aufbewahrt; an seiner Stelle steht {{%2}}.</translation>
    </message>
    <message>
        <source>%1 carries a credential for a proxy. It is kept as a profile and is not sent along: the proxy is set in the settings.</source>
        <translation>%1 trägt Zugangsdaten für einen Proxy. Sie werden als Profil aufbewahrt und nicht mitgesendet: Der Proxy steht in den Einstellungen.</translation>
    </message>
    <message>
        <source>The option %1 is not taken over.</source>
        <translation>Die Option %1 wird nicht übernommen.</translation>
    </message>
    <message>
        <source>A body from standard input is not read.</source>
        <translation>Ein Körper von der Standardeingabe wird nicht gelesen.</translation>
    </message>
    <message>
        <source>The shell&apos;s variable %1 is {{%1}} here and has no value yet.</source>
        <translation>Die Variable %1 der Shell heißt hier {{%1}} und hat noch keinen Wert.</translation>
    </message>
    <message>
        <source>%1 names no host: its address is a path alone.</source>
        <translation>%1 nennt keinen Host: Die Adresse ist nur ein Pfad.</translation>
    </message>
    <message>
        <source>%1 %2: the cookie %3 is optional and is left out.</source>
        <translation>%1 %2: Das Cookie %3 ist optional und wird weggelassen.</translation>
    </message>
    <message>
        <source>The server %1 is seen from the document&apos;s own address, which is not known: complete baseUrl in the environment.</source>
        <translation>Der Server %1 ist relativ zur Adresse des Dokuments angegeben, die nicht bekannt ist: Vervollständigen Sie baseUrl in der Umgebung.</translation>
    </message>
    <message>
        <source>%1 %2 has a server of its own, %3: it is the variable %4.</source>
        <translation>%1 %2 hat einen eigenen Server, %3: Er ist die Variable %4.</translation>
    </message>
    <message>
        <source>The variable %1 of the server %2 can be: %3.</source>
        <translation>Die Variable %1 des Servers %2 kann sein: %3.</translation>
    </message>
    <message>
        <source>%1 held a secret. It is kept as a profile and sent nowhere.</source>
        <translation>%1 enthielt ein Geheimnis. Es wird als Profil aufbewahrt und nirgendwohin gesendet.</translation>
    </message>
    <message>
        <source>This is no file of the format %1.</source>
        <translation>Das ist keine Datei im Format %1.</translation>
    </message>
    <message>
        <source>It can be an authentication file of Web Fuzzing Commons, a matrix of overstep, or the saved state of AuthMatrix.</source>
        <translation>Möglich sind eine Authentifizierungsdatei von Web Fuzzing Commons, eine Matrix von overstep oder der gespeicherte Stand von AuthMatrix.</translation>
    </message>
    <message>
        <source>There is no identity in it.</source>
        <translation>Darin ist keine Identität.</translation>
    </message>
    <message>
        <source>Only the first %1 identities are read.</source>
        <translation>Nur die ersten %1 Identitäten werden gelesen.</translation>
    </message>
    <message>
        <source>%1 is switched off and is left out.</source>
        <translation>%1 ist ausgeschaltet und fällt weg.</translation>
    </message>
    <message>
        <source>The file has too many operations.</source>
        <translation>Die Datei hat zu viele Operationen.</translation>
    </message>
    <message>
        <source>The limit is %1.</source>
        <translation>Die Grenze ist %1.</translation>
    </message>
    <message>
        <source>%1 is left out: its request does not read.</source>
        <translation>%1 fällt weg: Die Anfrage ist nicht lesbar.</translation>
    </message>
    <message>
        <source>The file says too much at once.</source>
        <translation>Die Datei enthält zu viel auf einmal.</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) tell by a pattern what a success is: see what answers mean in the settings of the matrix.</source>
        <translation>
            <numerusform>%n Anfrage sagt durch ein Muster, was ein Erfolg ist: siehe die Einstellungen der Matrix dazu, was Antworten bedeuten.</numerusform>
            <numerusform>%n Anfragen sagen durch ein Muster, was ein Erfolg ist: siehe die Einstellungen der Matrix dazu, was Antworten bedeuten.</numerusform>
        </translation>
    </message>
    <message>
        <source>from %1</source>
        <translation>aus %1</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not known and is left out.</source>
        <translation>„%1“ ist nicht bekannt und fällt weg.</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; is not known and is left out.</source>
        <translation>%1: „%2“ ist nicht bekannt und fällt weg.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is left out: there is nothing like it here.</source>
        <translation>„%1“ fällt weg: Dergleichen gibt es hier nicht.</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; is left out: there is nothing like it here.</source>
        <translation>%1: „%2“ fällt weg: Dergleichen gibt es hier nicht.</translation>
    </message>
    <message>
        <source>%1: the header %2 is left out: it says nothing of who asks.</source>
        <translation>%1: Der Header %2 fällt weg: Er sagt nicht, wer fragt.</translation>
    </message>
    <message>
        <source>%1 is left out. %2</source>
        <translation>%1 fällt weg. %2</translation>
    </message>
    <message>
        <source>the login</source>
        <translation>die Anmeldung</translation>
    </message>
    <message>
        <source>%1: only the first %2 headers are read.</source>
        <translation>%1: Nur die ersten %2 Header werden gelesen.</translation>
    </message>
    <message>
        <source>%1: %2 is left out. %3</source>
        <translation>%1: %2 fällt weg. %3</translation>
    </message>
    <message>
        <source>%1 is left out: it has no credential.</source>
        <translation>%1 fällt weg: Es gibt keine Anmeldedaten dazu.</translation>
    </message>
    <message>
        <source>%1 carries two credentials that cannot go together. %2 is left out.</source>
        <translation>%1 hat zwei Anmeldedaten, die nicht zusammen gesendet werden können. %2 fällt weg.</translation>
    </message>
    <message>
        <source>%1: its secret is not in the file. Give it one.</source>
        <translation>%1: Das Geheimnis steht nicht in der Datei. Es muss noch eingegeben werden.</translation>
    </message>
    <message>
        <source>The body of its login holds &quot;{{&quot;, which would be a variable here.</source>
        <translation>Der Body der Anmeldung enthält „{{“, was hier eine Variable wäre.</translation>
    </message>
    <message>
        <source>It is not known what in the body of its login is the password.</source>
        <translation>Es ist nicht bekannt, was im Body der Anmeldung das Passwort ist.</translation>
    </message>
    <message>
        <source>The body of its login holds more than one secret.</source>
        <translation>Der Body der Anmeldung enthält mehr als ein Geheimnis.</translation>
    </message>
    <message>
        <source>A header of its login cannot be sent as it is.</source>
        <translation>Ein Header der Anmeldung lässt sich so nicht senden.</translation>
    </message>
    <message>
        <source>Its login holds more than one secret.</source>
        <translation>Die Anmeldung enthält mehr als ein Geheimnis.</translation>
    </message>
    <message>
        <source>The address of its login holds &quot;{{&quot;, which would be a variable here.</source>
        <translation>Die Adresse der Anmeldung enthält „{{“, was hier eine Variable wäre.</translation>
    </message>
    <message>
        <source>The address of its login holds a secret.</source>
        <translation>Die Adresse der Anmeldung enthält ein Geheimnis.</translation>
    </message>
    <message>
        <source>The address of its login is none.</source>
        <translation>Die Adresse der Anmeldung ist keine.</translation>
    </message>
    <message>
        <source>The file does not say where it logs in.</source>
        <translation>Die Datei sagt nicht, wo angemeldet wird.</translation>
    </message>
    <message>
        <source>It logs in at %1, and it is not known on which server: allow the server&apos;s origin.</source>
        <translation>Angemeldet wird unter %1, auf welchem Server ist nicht bekannt: den Ursprung des Servers erlauben.</translation>
    </message>
    <message>
        <source>What its token is sent in has more around it than a word before it.</source>
        <translation>Um das Token steht mehr als ein Wort davor.</translation>
    </message>
    <message>
        <source>A word before its token is sent in the header Authorization only.</source>
        <translation>Ein Wort vor dem Token wird nur im Header Authorization gesendet.</translation>
    </message>
    <message>
        <source>A word of its login holds &quot;{{&quot;, which would be a variable here.</source>
        <translation>Ein Wort der Anmeldung enthält „{{“, was hier eine Variable wäre.</translation>
    </message>
    <message>
        <source>Its login has neither a body nor a secret.</source>
        <translation>Die Anmeldung hat weder einen Body noch ein Geheimnis.</translation>
    </message>
    <message>
        <source>%1: its marker looks like a secret and is left out.</source>
        <translation>%1: Das Kennzeichen sieht wie ein Geheimnis aus und fällt weg.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; has a policy and is no resource of the file.</source>
        <translation>„%1“ hat eine Regelung und ist keine Ressource der Datei.</translation>
    </message>
    <message>
        <source>%1 is left out: it is no HTTP request.</source>
        <translation>%1 fällt weg: Es ist keine HTTP-Anfrage.</translation>
    </message>
    <message>
        <source>%1: what the role %2 may have on a condition is left undecided.</source>
        <translation>%1: Was die Rolle %2 unter einer Bedingung darf, bleibt unentschieden.</translation>
    </message>
    <message>
        <source>%1: only the first place of its object is read.</source>
        <translation>%1: Nur die erste Stelle des Objekts wird gelesen.</translation>
    </message>
    <message>
        <source>%1: it is not known here where its object is named.</source>
        <translation>%1: Wo das Objekt genannt wird, ist hier nicht bekannt.</translation>
    </message>
    <message>
        <source>%1: the object of %2 is no plain value and is left out.</source>
        <translation>%1: Das Objekt von %2 ist kein einfacher Wert und fällt weg.</translation>
    </message>
    <message>
        <source>%1: the file has no provider called %2.</source>
        <translation>%1: Die Datei hat keinen Anbieter namens %2.</translation>
    </message>
    <message>
        <source>%1: a provider of the kind %2 is not known.</source>
        <translation>%1: Ein Anbieter der Art %2 ist nicht bekannt.</translation>
    </message>
    <message>
        <source>%1: a word of its login holds &quot;{{&quot;, which would be a variable here.</source>
        <translation>%1: Ein Wort seiner Anmeldung enthält „{{“, was hier eine Variable wäre.</translation>
    </message>
    <message>
        <source>%1: the address of its login holds a secret.</source>
        <translation>%1: Die Adresse seiner Anmeldung enthält ein Geheimnis.</translation>
    </message>
    <message>
        <source>The file does not say what its login&apos;s answer gives.</source>
        <translation>Die Datei sagt nicht, was die Antwort der Anmeldung enthält.</translation>
    </message>
    <message>
        <source>%1: the file does not say which cookie its login sets. &quot;session&quot; is taken for it; change that in the profile.</source>
        <translation>%1: Die Datei sagt nicht, welches Cookie die Anmeldung setzt. Angenommen wird „session“; das lässt sich im Profil ändern.</translation>
    </message>
    <message>
        <source>Its token goes into the query, where a login&apos;s token is not sent here.</source>
        <translation>Das Token gehört in die Query; dort wird das Token einer Anmeldung hier nicht gesendet.</translation>
    </message>
    <message>
        <source>Its login&apos;s body is neither JSON nor a form.</source>
        <translation>Der Body der Anmeldung ist weder JSON noch ein Formular.</translation>
    </message>
    <message>
        <source>%1 %2 has several servers of its own. The first, %3, is taken; the others are: %4.</source>
        <translation>%1 %2 hat mehrere eigene Server. Der erste, %3, wird genommen; die anderen sind: %4.</translation>
    </message>
    <message>
        <source>The API&apos;s document is not known: operations are named by the paths of the requests, with what stands in them.</source>
        <translation>Das Dokument der API ist nicht bekannt: Operationen heißen nach den Pfaden der Anfragen, mit allem, was darin steht.</translation>
    </message>
    <message>
        <source>There is a forged identity called %1. The file&apos;s is left out.</source>
        <translation>Es gibt eine gefälschte Identität namens %1. Die der Datei fällt weg.</translation>
    </message>
    <message>
        <source>There is a profile called %1 already. It stays as it is; what the file expects of it is expected of that one.</source>
        <translation>Es gibt schon ein Profil namens %1. Es bleibt, wie es ist; was die Datei davon erwartet, wird von diesem erwartet.</translation>
    </message>
    <message>
        <source>The file gives %1 the role %2, which the profile does not declare.</source>
        <translation>Die Datei gibt %1 die Rolle %2, die das Profil nicht angibt.</translation>
    </message>
    <message>
        <source>%1 is no operation of the document and is left out.</source>
        <translation>%1 ist keine Operation des Dokuments und fällt weg.</translation>
    </message>
    <message>
        <source>%1 as %2: the file wants it allowed and denied. It stays undecided.</source>
        <translation>%1 als %2: Die Datei will es erlaubt und verweigert. Es bleibt unentschieden.</translation>
    </message>
    <message>
        <source>%1 as %2 is marked otherwise already. That mark stays.</source>
        <translation>%1 als %2 ist schon anders markiert. Diese Markierung bleibt.</translation>
    </message>
    <message>
        <source>%1 of %2 is known already and stays as it is.</source>
        <translation>%1 von %2 ist schon bekannt und bleibt, wie es ist.</translation>
    </message>
    <message>
        <source>The matrix keeps one document, %1. It does not keep %2.</source>
        <translation>Die Matrix behält ein Dokument, %1. Sie behält nicht %2.</translation>
    </message>
    <message>
        <source>No document is kept for the access matrix, as this one stands in no file and at no address without a query. Name it there.</source>
        <translation>Für die Zugriffsmatrix wird kein Dokument behalten, denn dieses steht in keiner Datei und an keiner Adresse ohne Abfrageteil. Dort benennen.</translation>
    </message>
</context>
<context>
    <name>JsonPointer</name>
    <message>
        <source>A JSON pointer begins with a slash: %1</source>
        <translation>Ein JSON-Pointer beginnt mit einem Schrägstrich: %1</translation>
    </message>
    <message>
        <source>Write it such as /data/token.</source>
        <translation>Schreiben Sie ihn etwa als /data/token.</translation>
    </message>
    <message>
        <source>In a JSON pointer 0 or 1 follows a tilde: %1</source>
        <translation>In einem JSON-Pointer folgt auf eine Tilde 0 oder 1: %1</translation>
    </message>
    <message>
        <source>Write ~0 for a tilde and ~1 for a slash in a name.</source>
        <translation>Schreiben Sie ~0 für eine Tilde und ~1 für einen Schrägstrich in einem Namen.</translation>
    </message>
</context>
<context>
    <name>JsonText</name>
    <message>
        <source>This is not UTF-8 text</source>
        <translation>Das ist kein UTF-8-Text</translation>
    </message>
    <message>
        <source>JSON must not begin with a byte order mark</source>
        <translation>JSON darf nicht mit einem Byte Order Mark beginnen</translation>
    </message>
    <message>
        <source>There is more text after the end of the JSON value</source>
        <translation>Nach dem Ende des JSON-Werts folgt weiterer Text</translation>
    </message>
    <message>
        <source>line %1, column %2</source>
        <translation>Zeile %1, Spalte %2</translation>
    </message>
    <message>
        <source>The JSON is nested more than %1 levels deep</source>
        <translation>Das JSON ist mehr als %1 Ebenen tief verschachtelt</translation>
    </message>
    <message>
        <source>Expected a JSON value</source>
        <translation>JSON-Wert erwartet</translation>
    </message>
    <message>
        <source>The JSON ends where a value should be</source>
        <translation>Das JSON endet, wo ein Wert stehen sollte</translation>
    </message>
    <message>
        <source>Expected a digit</source>
        <translation>Ziffer erwartet</translation>
    </message>
    <message>
        <source>A number must not begin with a zero</source>
        <translation>Eine Zahl darf nicht mit einer Null beginnen</translation>
    </message>
    <message>
        <source>Expected a digit after the decimal point</source>
        <translation>Ziffer nach dem Dezimalpunkt erwartet</translation>
    </message>
    <message>
        <source>Expected a digit in the exponent</source>
        <translation>Ziffer im Exponenten erwartet</translation>
    </message>
    <message>
        <source>Expected four hexadecimal digits after \u</source>
        <translation>Vier Hexadezimalziffern nach \u erwartet</translation>
    </message>
    <message>
        <source>A backslash must not stand before this character</source>
        <translation>Vor diesem Zeichen darf kein Backslash stehen</translation>
    </message>
    <message>
        <source>This string has no closing quote</source>
        <translation>Dieser Zeichenkette fehlt das schließende Anführungszeichen</translation>
    </message>
    <message>
        <source>A control character in a string must be written as an escape</source>
        <translation>Ein Steuerzeichen in einer Zeichenkette muss als Escape-Sequenz geschrieben werden</translation>
    </message>
    <message>
        <source>Expected a comma or ]</source>
        <translation>Komma oder ] erwartet</translation>
    </message>
    <message>
        <source>Expected a member name in quotes</source>
        <translation>Membername in Anführungszeichen erwartet</translation>
    </message>
    <message>
        <source>Expected a colon after the member name</source>
        <translation>Doppelpunkt nach dem Membernamen erwartet</translation>
    </message>
    <message>
        <source>Expected a comma or }</source>
        <translation>Komma oder } erwartet</translation>
    </message>
</context>
<context>
    <name>Judge</name>
    <message>
        <source>A filter cannot use modules here.</source>
        <translation>Ein Filter kann hier keine Module benutzen.</translation>
    </message>
    <message>
        <source>The body is no JSON.</source>
        <translation>Der Body ist kein JSON.</translation>
    </message>
    <message>
        <source>The filter cannot be read: %1</source>
        <translation>Der Filter kann nicht gelesen werden: %1</translation>
    </message>
    <message>
        <source>The filter failed: %1</source>
        <translation>Der Filter ist gescheitert: %1</translation>
    </message>
    <message>
        <source>The filter gives more than 1000 values.</source>
        <translation>Der Filter ergibt mehr als 1000 Werte.</translation>
    </message>
    <message>
        <source>The schema cannot be used. %1</source>
        <translation>Das Schema kann nicht benutzt werden. %1</translation>
    </message>
    <message>
        <source>The schema is written for %1; draft 7 is understood.</source>
        <translation>Das Schema ist für %1 geschrieben; verstanden wird Draft 7.</translation>
    </message>
    <message>
        <source>The schema uses %1, which draft 7 does not have.</source>
        <translation>Das Schema benutzt %1, was Draft 7 nicht hat.</translation>
    </message>
    <message>
        <source>It failed: %1</source>
        <translation>Gescheitert: %1</translation>
    </message>
    <message>
        <source>The helper program&apos;s answer cannot be read.</source>
        <translation>Die Antwort des Hilfsprogramms kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>The helper program ended without an answer: the filter or schema is too much for it.</source>
        <translation>Das Hilfsprogramm endete ohne Antwort: Der Filter oder das Schema ist zu viel für es.</translation>
    </message>
    <message>
        <source>The helper program keybearer-judge could not be started. Install Keybearer again.</source>
        <translation>Das Hilfsprogramm keybearer-judge konnte nicht gestartet werden. Installieren Sie Keybearer neu.</translation>
    </message>
    <message>
        <source>It took too long and was stopped.</source>
        <translation>Es dauerte zu lange und wurde angehalten.</translation>
    </message>
    <message>
        <source>It was not reached: a check before it took too long.</source>
        <translation>Es kam nicht an die Reihe: Eine Prüfung davor dauerte zu lange.</translation>
    </message>
    <message>
        <source>It gives more than can be taken.</source>
        <translation>Es ergibt mehr, als angenommen werden kann.</translation>
    </message>
</context>
<context>
    <name>Jwk</name>
    <message>
        <source>it has no %1</source>
        <translation>%1 fehlt</translation>
    </message>
    <message>
        <source>its %1 is empty or ends in bits that are not zero</source>
        <translation>%1 ist leer oder endet mit Bits, die nicht null sind</translation>
    </message>
    <message>
        <source>its %1 is not base64url: %2</source>
        <translation>%1 ist kein Base64url: %2</translation>
    </message>
    <message>
        <source>its curve &quot;%1&quot; is not one of JOSE&apos;s</source>
        <translation>die Kurve „%1“ gehört nicht zu JOSE</translation>
    </message>
    <message>
        <source>its x and y must have %1 bytes each</source>
        <translation>x und y müssen je %1 Byte haben</translation>
    </message>
    <message>
        <source>its curve &quot;%1&quot; is for encryption, not for signatures</source>
        <translation>die Kurve „%1“ ist zum Verschlüsseln da, nicht für Signaturen</translation>
    </message>
    <message>
        <source>its curve &quot;%1&quot; is not known</source>
        <translation>die Kurve „%1“ ist nicht bekannt</translation>
    </message>
    <message>
        <source>its %1 is not text</source>
        <translation>%1 ist kein Text</translation>
    </message>
    <message>
        <source>its key_ops is not a list of texts</source>
        <translation>key_ops ist keine Liste von Texten</translation>
    </message>
    <message>
        <source>it has no kty</source>
        <translation>kty fehlt</translation>
    </message>
    <message>
        <source>its kty is &quot;%1&quot;</source>
        <translation>kty ist „%1“</translation>
    </message>
    <message>
        <source>it is not a JSON object</source>
        <translation>er ist kein JSON-Objekt</translation>
    </message>
    <message>
        <source>key &quot;%1&quot;</source>
        <translation>Schlüssel „%1“</translation>
    </message>
    <message>
        <source>a member of it comes twice</source>
        <translation>eines der Member kommt zweimal vor</translation>
    </message>
    <message>
        <source>The %1 comes with its private half, which was not read. Whoever has this file can sign.</source>
        <translation>%1: Der private Teil liegt bei; er wurde nicht gelesen. Wer diese Datei hat, kann signieren.</translation>
    </message>
    <message>
        <source>The keys are not JSON: %1</source>
        <translation>Die Schlüssel sind kein JSON: %1</translation>
    </message>
    <message>
        <source>Give a JWK or a JWK Set.</source>
        <translation>Geben Sie einen JWK oder ein JWK-Set an.</translation>
    </message>
    <message>
        <source>The keys are not a JSON object.</source>
        <translation>Die Schlüssel sind kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>This JSON has neither keys nor kty.</source>
        <translation>Dieses JSON hat weder keys noch kty.</translation>
    </message>
    <message>
        <source>The member keys is not one list.</source>
        <translation>Das Member keys ist keine einzelne Liste.</translation>
    </message>
    <message>
        <source>The set has more than %1 keys.</source>
        <translation>Das Set hat mehr als %1 Schlüssel.</translation>
    </message>
    <message>
        <source>key given</source>
        <translation>Angegebener Schlüssel</translation>
    </message>
    <message>
        <source>key %1 of the set</source>
        <translation>Schlüssel %1 des Sets</translation>
    </message>
    <message>
        <source>it has %1 bits, and at least %2 are needed</source>
        <translation>er hat %1 Bit, nötig sind mindestens %2</translation>
    </message>
    <message>
        <source>it has %1 bits, more than can be used</source>
        <translation>er hat %1 Bit, mehr als verwendbar ist</translation>
    </message>
    <message>
        <source>its exponent protects nothing</source>
        <translation>der Exponent schützt nichts</translation>
    </message>
    <message>
        <source>its curve is not one of JOSE&apos;s</source>
        <translation>die Kurve gehört nicht zu JOSE</translation>
    </message>
    <message>
        <source>its point is not one of the curve&apos;s</source>
        <translation>der Punkt liegt nicht auf der Kurve</translation>
    </message>
    <message>
        <source>public key</source>
        <translation>Öffentlicher Schlüssel</translation>
    </message>
    <message>
        <source>key of the certificate %1</source>
        <translation>Schlüssel des Zertifikats %1</translation>
    </message>
    <message>
        <source>certificate</source>
        <translation>Zertifikat</translation>
    </message>
    <message>
        <source>a block named %1 holds no public key</source>
        <translation>ein Block namens %1 enthält keinen öffentlichen Schlüssel</translation>
    </message>
    <message>
        <source>its numbers do not make a key</source>
        <translation>die Zahlen ergeben keinen Schlüssel</translation>
    </message>
    <message>
        <source>a key of its kind makes no JOSE signatures</source>
        <translation>ein Schlüssel dieser Art erzeugt keine JOSE-Signaturen</translation>
    </message>
    <message>
        <source>This is a private key.</source>
        <translation>Das ist ein privater Schlüssel.</translation>
    </message>
    <message>
        <source>Give its public half: openssl pkey -in key.pem -pubout</source>
        <translation>Geben Sie den öffentlichen Teil an: openssl pkey -in key.pem -pubout</translation>
    </message>
    <message>
        <source>The PEM does not read.</source>
        <translation>Das PEM ist nicht lesbar.</translation>
    </message>
    <message>
        <source>Check that the whole file is there, its BEGIN and END lines too.</source>
        <translation>Prüfen Sie, ob die Datei vollständig ist, auch die Zeilen mit BEGIN und END.</translation>
    </message>
    <message>
        <source>shared secret</source>
        <translation>Gemeinsames Geheimnis</translation>
    </message>
    <message>
        <source>The key file is empty.</source>
        <translation>Die Schlüsseldatei ist leer.</translation>
    </message>
    <message>
        <source>Give a public key, a JWK, a JWK Set, or a shared secret.</source>
        <translation>Geben Sie einen öffentlichen Schlüssel, einen JWK, ein JWK-Set oder ein gemeinsames Geheimnis an.</translation>
    </message>
    <message>
        <source>shared secret without the line break at its end</source>
        <translation>Gemeinsames Geheimnis ohne den Zeilenumbruch am Ende</translation>
    </message>
</context>
<context>
    <name>JwsVerify</name>
    <message>
        <source>%1 is text, where a number of seconds must be.</source>
        <translation>%1 ist Text, wo eine Anzahl von Sekunden stehen muss.</translation>
    </message>
    <message>
        <source>%1 is not a number of seconds.</source>
        <translation>%1 ist keine Anzahl von Sekunden.</translation>
    </message>
    <message>
        <source>The token names no issuer (iss).</source>
        <translation>Das Token nennt keinen Aussteller (iss).</translation>
    </message>
    <message>
        <source>The issuer is &quot;%1&quot;, not &quot;%2&quot;.</source>
        <translation>Der Aussteller ist „%1“, nicht „%2“.</translation>
    </message>
    <message>
        <source>The token names no audience (aud).</source>
        <translation>Das Token nennt keine Audience (aud).</translation>
    </message>
    <message>
        <source>The audience is neither text nor a list of texts.</source>
        <translation>Die Audience ist weder Text noch eine Liste von Texten.</translation>
    </message>
    <message>
        <source>The audience is %1, not &quot;%2&quot;.</source>
        <translation>Die Audience ist %1, nicht &quot;%2&quot;.</translation>
    </message>
    <message>
        <source>It expired %1 seconds ago.</source>
        <translation>Es ist vor %1 Sekunden abgelaufen.</translation>
    </message>
    <message>
        <source>It becomes valid in %1 seconds (nbf).</source>
        <translation>Es wird in %1 Sekunden gültig (nbf).</translation>
    </message>
    <message>
        <source>It was made %1 seconds in the future (iat): one of the two clocks is wrong.</source>
        <translation>Es wurde %1 Sekunden in der Zukunft ausgestellt (iat): Eine der beiden Uhren geht falsch.</translation>
    </message>
    <message>
        <source>The payload is not a JSON object, so it names neither issuer nor audience.</source>
        <translation>Der Payload ist kein JSON-Objekt und nennt daher weder Aussteller noch Audience.</translation>
    </message>
    <message>
        <source>%1 comes twice in the claims; programs disagree on which one counts.</source>
        <translation>%1 steht zweimal in den Claims; Programme sind sich uneins, welches zählt.</translation>
    </message>
    <message>
        <source>a shared secret</source>
        <translation>ein gemeinsames Geheimnis</translation>
    </message>
    <message>
        <source>an RSA key</source>
        <translation>einen RSA-Schlüssel</translation>
    </message>
    <message>
        <source>a key on the curve %1</source>
        <translation>einen Schlüssel auf der Kurve %1</translation>
    </message>
    <message>
        <source>The signature does not fit the token&apos;s text and this key.</source>
        <translation>Die Signatur passt nicht zum Text des Tokens und diesem Schlüssel.</translation>
    </message>
    <message>
        <source>The signature has %1 bytes, and this key and algorithm make %2.</source>
        <translation>Die Signatur hat %1 Byte, dieser Schlüssel und Algorithmus ergeben aber %2.</translation>
    </message>
    <message>
        <source>Half of the signature is zero, which fits everything in a careless verifier.</source>
        <translation>Eine Hälfte der Signatur ist null; bei nachlässiger Prüfung passt das zu allem.</translation>
    </message>
    <message>
        <source>It looks like DER, which JWS does not use.</source>
        <translation>Sie sieht nach DER aus, das JWS nicht verwendet.</translation>
    </message>
    <message>
        <source>The %1 cannot be used: %2.</source>
        <translation>%1: nicht verwendbar, denn %2.</translation>
    </message>
    <message>
        <source>%1 needs %2, and the %3 is %4.</source>
        <translation>%1 braucht %2, bekam aber %4 (%3).</translation>
    </message>
    <message>
        <source>The %1 is for PSS signatures only, and %2 is none.</source>
        <translation>%1: nur für PSS-Signaturen, und %2 ist keine.</translation>
    </message>
    <message>
        <source>The %1 is for %2 only, and the token says %3.</source>
        <translation>%1: nur für %2, das Token sagt aber %3.</translation>
    </message>
    <message>
        <source>The %1 is not for signatures: its use is &quot;%2&quot;.</source>
        <translation>%1: nicht für Signaturen, denn use ist „%2“.</translation>
    </message>
    <message>
        <source>The %1 is not for verifying, its key_ops say.</source>
        <translation>%1: laut key_ops nicht zum Verifizieren da.</translation>
    </message>
    <message>
        <source>The %1 has %2 bits, and %3 needs at least %4.</source>
        <translation>%1: nur %2 Bit, %3 braucht aber mindestens %4.</translation>
    </message>
    <message>
        <source>The %1 is not base64url: %2.</source>
        <translation>Der Teil „%1“ ist kein Base64url: %2.</translation>
    </message>
    <message>
        <source>The %1 ends in bits that are not zero.</source>
        <translation>Der Teil „%1“ endet mit Bits, die nicht null sind.</translation>
    </message>
    <message>
        <source>header</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>The header is not a JSON object.</source>
        <translation>Der Header ist kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>%1 comes twice in the header; programs disagree on which one counts.</source>
        <translation>%1 steht zweimal im Header; Programme sind sich uneins, welches zählt.</translation>
    </message>
    <message>
        <source>crit is not a list of names, or an empty one.</source>
        <translation>crit ist keine Liste von Namen oder eine leere.</translation>
    </message>
    <message>
        <source>crit is not a list of different names.</source>
        <translation>crit ist keine Liste verschiedener Namen.</translation>
    </message>
    <message>
        <source>crit names %1, which the header does not have.</source>
        <translation>crit nennt %1, das der Header nicht hat.</translation>
    </message>
    <message>
        <source>crit names %1, which needs no such mention.</source>
        <translation>crit nennt %1, das dort nicht genannt werden darf.</translation>
    </message>
    <message>
        <source>crit asks every reader to understand %1, which is not known here.</source>
        <translation>crit verlangt von jedem Leser, %1 zu verstehen; das ist hier nicht bekannt.</translation>
    </message>
    <message>
        <source>The payload is sent unencoded (b64), which is not supported.</source>
        <translation>Der Payload wird unkodiert gesendet (b64); das wird nicht unterstützt.</translation>
    </message>
    <message>
        <source>The header names no algorithm (alg).</source>
        <translation>Der Header nennt keinen Algorithmus (alg).</translation>
    </message>
    <message>
        <source>alg is none: nothing protects the token, so nothing can be verified.</source>
        <translation>alg ist none: Nichts schützt das Token, also ist nichts zu verifizieren.</translation>
    </message>
    <message>
        <source>There is no signature algorithm &quot;%1&quot; here.</source>
        <translation>Hier gibt es keinen Signaturalgorithmus „%1“.</translation>
    </message>
    <message>
        <source>%1 is not among the allowed algorithms: %2.</source>
        <translation>%1 gehört nicht zu den erlaubten Algorithmen: %2.</translation>
    </message>
    <message>
        <source>kid is not text.</source>
        <translation>kid ist kein Text.</translation>
    </message>
    <message>
        <source>The header brings or names its own key (%1). It was ignored.</source>
        <translation>Der Header bringt oder nennt seinen eigenen Schlüssel (%1). Er wurde ignoriert.</translation>
    </message>
    <message>
        <source>There is no key to verify it with.</source>
        <translation>Es gibt keinen Schlüssel, um es zu verifizieren.</translation>
    </message>
    <message>
        <source>No key is named &quot;%1&quot; (kid).</source>
        <translation>Kein Schlüssel heißt „%1“ (kid).</translation>
    </message>
    <message>
        <source>Tried: %1.</source>
        <translation>Versucht: %1.</translation>
    </message>
    <message>
        <source>It is larger than 1 MB.</source>
        <translation>Es ist größer als 1 MB.</translation>
    </message>
    <message>
        <source>It is no compact JWS: that has three parts with dots between.</source>
        <translation>Es ist kein kompaktes JWS: Das hat drei Teile mit Punkten dazwischen.</translation>
    </message>
    <message>
        <source>It is encrypted (JWE): only who has the key can read and check it.</source>
        <translation>Es ist verschlüsselt (JWE): Nur wer den Schlüssel hat, kann es lesen und prüfen.</translation>
    </message>
    <message>
        <source>payload</source>
        <translation>Payload</translation>
    </message>
    <message>
        <source>The payload is not a JSON object, so only the signature was judged.</source>
        <translation>Der Payload ist kein JSON-Objekt; beurteilt wurde daher nur die Signatur.</translation>
    </message>
    <message>
        <source>signature</source>
        <translation>Signatur</translation>
    </message>
    <message>
        <source>The signature is empty.</source>
        <translation>Die Signatur ist leer.</translation>
    </message>
    <message>
        <source>The header does not say what kind of token it is (typ), and &quot;%1&quot; is wanted.</source>
        <translation>Der Kopf sagt nicht, welche Art von Token es ist (typ), und „%1“ ist verlangt.</translation>
    </message>
    <message>
        <source>The header&apos;s typ is &quot;%1&quot;, not &quot;%2&quot;.</source>
        <translation>typ im Kopf ist „%1“, nicht „%2“.</translation>
    </message>
</context>
<context>
    <name>Jwt</name>
    <message>
        <source>The %1 does not read: %2.</source>
        <translation>Der Teil „%1“ ist nicht lesbar: %2.</translation>
    </message>
    <message>
        <source>Check that the whole token was copied.</source>
        <translation>Prüfen Sie, ob das ganze Token kopiert wurde.</translation>
    </message>
    <message>
        <source>The %1 ends in bits that are not zero.</source>
        <translation>Der Teil „%1“ endet mit Bits, die nicht null sind.</translation>
    </message>
    <message>
        <source>it is not JSON</source>
        <translation>er ist kein JSON</translation>
    </message>
    <message>
        <source>it is not a JSON object</source>
        <translation>er ist kein JSON-Objekt</translation>
    </message>
    <message>
        <source>%1 is text, not a number.</source>
        <translation>%1 ist Text, keine Zahl.</translation>
    </message>
    <message>
        <source>%1 is not a number of seconds.</source>
        <translation>%1 ist keine Anzahl von Sekunden.</translation>
    </message>
    <message>
        <source>The payload is sent unencoded (b64 false).</source>
        <translation>Der Payload wird unkodiert gesendet (b64 false).</translation>
    </message>
    <message>
        <source>The payload is not a JSON object, so it has no claims.</source>
        <translation>Der Payload ist kein JSON-Objekt und hat daher keine Claims.</translation>
    </message>
    <message>
        <source>encrypted key</source>
        <translation>verschlüsselter Schlüssel</translation>
    </message>
    <message>
        <source>initialization vector</source>
        <translation>Initialisierungsvektor</translation>
    </message>
    <message>
        <source>ciphertext</source>
        <translation>Chiffretext</translation>
    </message>
    <message>
        <source>authentication tag</source>
        <translation>Authentifizierungs-Tag</translation>
    </message>
    <message>
        <source>This is not a JWT: it has no dots.</source>
        <translation>Das ist kein JWT: Es hat keine Punkte.</translation>
    </message>
    <message>
        <source>This is not a JWT: it has %1 parts, not three or five.</source>
        <translation>Das ist kein JWT: Es hat %1 Teile, nicht drei oder fünf.</translation>
    </message>
    <message>
        <source>more than five</source>
        <translation>mehr als fünf</translation>
    </message>
    <message>
        <source>This is not a JWT: it is larger than 1 MB.</source>
        <translation>Das ist kein JWT: Es ist größer als 1 MB.</translation>
    </message>
    <message>
        <source>header</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>signature</source>
        <translation>Signatur</translation>
    </message>
    <message>
        <source>payload</source>
        <translation>Payload</translation>
    </message>
    <message>
        <source>iat is in the future: one of the two clocks is wrong.</source>
        <translation>iat liegt in der Zukunft: Eine der beiden Uhren geht falsch.</translation>
    </message>
    <message>
        <source>nbf is in the future: it is not valid yet.</source>
        <translation>nbf liegt in der Zukunft: Es ist noch nicht gültig.</translation>
    </message>
    <message>
        <source>%1 comes twice in the %2; programs disagree on which one counts.</source>
        <translation>%1 steht zweimal im Teil „%2“; Programme sind sich uneins, welches zählt.</translation>
    </message>
    <message>
        <source>crit is not a list of names, so every reader must refuse the token.</source>
        <translation>crit ist keine Liste von Namen; jeder Leser muss das Token daher ablehnen.</translation>
    </message>
    <message>
        <source>crit names a member the header does not have.</source>
        <translation>crit nennt ein Member, das der Header nicht hat.</translation>
    </message>
    <message>
        <source>crit asks every reader to understand %1.</source>
        <translation>crit verlangt von jedem Leser, %1 zu verstehen.</translation>
    </message>
    <message>
        <source>Carries %1, which everyone who holds the token can read.</source>
        <translation>Enthält %1; jeder, der das Token hat, kann das lesen.</translation>
    </message>
    <message>
        <source>Has no exp: it never expires by itself.</source>
        <translation>Hat kein exp: Es läuft nie von selbst ab.</translation>
    </message>
    <message>
        <source>exp looks like milliseconds; it must be seconds.</source>
        <translation>exp sieht nach Millisekunden aus; es müssen Sekunden sein.</translation>
    </message>
    <message>
        <source>exp is not after iat.</source>
        <translation>exp liegt nicht nach iat.</translation>
    </message>
    <message>
        <source>exp is not after nbf.</source>
        <translation>exp liegt nicht nach nbf.</translation>
    </message>
    <message>
        <source>Lives %1 days.</source>
        <translation>Gilt %1 Tage.</translation>
    </message>
    <message>
        <source>Lives %1 hours.</source>
        <translation>Gilt %1 Stunden.</translation>
    </message>
    <message>
        <source>Has no aud: any API that trusts the issuer may accept it.</source>
        <translation>Hat kein aud: Jede API, die dem Aussteller vertraut, könnte es akzeptieren.</translation>
    </message>
    <message>
        <source>aud is neither text nor a list of texts.</source>
        <translation>aud ist weder Text noch eine Liste von Texten.</translation>
    </message>
    <message>
        <source>An at+jwt needs %1 (RFC 9068).</source>
        <translation>Ein at+jwt braucht %1 (RFC 9068).</translation>
    </message>
    <message>
        <source>alg is missing.</source>
        <translation>alg fehlt.</translation>
    </message>
    <message>
        <source>alg is none: nothing protects the claims.</source>
        <translation>alg ist none: Nichts schützt die Claims.</translation>
    </message>
    <message>
        <source>The signature is empty: nothing protects the claims.</source>
        <translation>Die Signatur ist leer: Nichts schützt die Claims.</translation>
    </message>
    <message>
        <source>enc is missing.</source>
        <translation>enc fehlt.</translation>
    </message>
    <message>
        <source>typ is missing.</source>
        <translation>typ fehlt.</translation>
    </message>
    <message>
        <source>kid is missing: the server has to try its keys.</source>
        <translation>kid fehlt: Der Server muss seine Schlüssel durchprobieren.</translation>
    </message>
    <message>
        <source>The header brings its own key (%1); no server may trust it.</source>
        <translation>Der Header bringt seinen eigenen Schlüssel mit (%1); kein Server darf ihm vertrauen.</translation>
    </message>
    <message>
        <source>%1 sends no encrypted key, and here is one.</source>
        <translation>%1 sendet keinen verschlüsselten Schlüssel, hier ist aber einer.</translation>
    </message>
    <message>
        <source>%1 sends an encrypted key, and here is none.</source>
        <translation>%1 sendet einen verschlüsselten Schlüssel, hier ist aber keiner.</translation>
    </message>
    <message>
        <source>alg is RSA1_5, which lets an attacker who may ask often decrypt it.</source>
        <translation>alg ist RSA1_5: Ein Angreifer, der oft genug fragen darf, kann es entschlüsseln.</translation>
    </message>
    <message>
        <source>It is compressed before encryption (zip): its length can tell what it says.</source>
        <translation>Es ist vor dem Verschlüsseln komprimiert (zip): Seine Länge kann den Inhalt verraten.</translation>
    </message>
    <message>
        <source>p2c asks every reader to do %1 rounds, which keeps a server busy.</source>
        <translation>p2c verlangt von jedem Leser %1 Runden und lastet damit einen Server aus.</translation>
    </message>
    <message>
        <source>p2c is less than %1 rounds: the password can be guessed.</source>
        <translation>p2c liegt unter %1 Runden: Das Passwort ist zu erraten.</translation>
    </message>
    <message>
        <source>The payload is empty: it is sent apart from the token (RFC 7515 appendix F), and the signature covers it there.</source>
        <translation>Der Payload ist leer: Er wird getrennt vom Token gesendet (RFC 7515 Anhang F), und die Signatur gilt dort für ihn.</translation>
    </message>
</context>
<context>
    <name>JwtMint</name>
    <message>
        <source>The claims are not JSON: %1</source>
        <translation>Die Claims sind kein JSON: %1</translation>
    </message>
    <message>
        <source>Correct the claims template, or the variable that stands there.</source>
        <translation>Berichtigen Sie die Claims-Vorlage oder die Variable, die dort steht.</translation>
    </message>
    <message>
        <source>The claims are not a JSON object.</source>
        <translation>Die Claims sind kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>Write them as {&quot;sub&quot;: &quot;…&quot;}.</source>
        <translation>Schreiben Sie sie als {&quot;sub&quot;: &quot;…&quot;}.</translation>
    </message>
    <message>
        <source>A claim comes twice in the template.</source>
        <translation>Ein Claim kommt in der Vorlage zweimal vor.</translation>
    </message>
    <message>
        <source>Take one of the two out: programs disagree on which one counts.</source>
        <translation>Nehmen Sie einen der beiden heraus: Programme sind sich uneins, welcher zählt.</translation>
    </message>
</context>
<context>
    <name>KeySource</name>
    <message>
        <source>The issuer&apos;s metadata name no keys (jwks_uri).</source>
        <translation>Die Metadaten des Ausstellers nennen keine Schlüssel (jwks_uri).</translation>
    </message>
    <message>
        <source>Give the address of its JWK Set, or a key.</source>
        <translation>Geben Sie die Adresse seines JWK-Sets oder einen Schlüssel an.</translation>
    </message>
    <message>
        <source>Keys are not fetched without encryption.</source>
        <translation>Schlüssel werden nicht unverschlüsselt abgerufen.</translation>
    </message>
    <message>
        <source>Use the https address: whoever changes the keys on the way makes any token good.</source>
        <translation>Verwenden Sie die https-Adresse: Wer die Schlüssel unterwegs austauscht, macht jedes Token gültig.</translation>
    </message>
    <message>
        <source>The URL holds a user name or password.</source>
        <translation>Die URL enthält einen Benutzernamen oder ein Passwort.</translation>
    </message>
    <message>
        <source>Take it out: keys are public.</source>
        <translation>Nehmen Sie das heraus: Schlüssel sind öffentlich.</translation>
    </message>
    <message>
        <source>The keys did not come: the server answered %1 %2.</source>
        <translation>Die Schlüssel kamen nicht: Der Server hat mit %1 %2 geantwortet.</translation>
    </message>
    <message>
        <source>Give the address of the JWK Set itself; redirects are not followed.</source>
        <translation>Geben Sie die Adresse des JWK-Sets selbst an; Weiterleitungen wird nicht gefolgt.</translation>
    </message>
    <message>
        <source>The keys did not come whole.</source>
        <translation>Die Schlüssel kamen nicht vollständig an.</translation>
    </message>
    <message>
        <source>More than 1 MB is not read.</source>
        <translation>Mehr als 1 MB wird nicht gelesen.</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>it is a shared secret that anyone can fetch, so it proves nothing</source>
        <translation>er ist ein gemeinsames Geheimnis, das jeder abrufen kann, und beweist daher nichts</translation>
    </message>
</context>
<context>
    <name>Keychain</name>
    <message>
        <source>The secret is stored in parts that do not fit together.</source>
        <translation>Das Geheimnis ist in Teilen gespeichert, die nicht zusammenpassen.</translation>
    </message>
    <message>
        <source>Enter it in the profile again.</source>
        <translation>Geben Sie es im Profil noch einmal ein.</translation>
    </message>
    <message>
        <source>The keychain did not answer.</source>
        <translation>Der Schlüsselbund hat nicht geantwortet.</translation>
    </message>
    <message>
        <source>See whether it waits for its password, then try again.</source>
        <translation>Sehen Sie nach, ob er auf sein Passwort wartet, und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>The keychain refused access.</source>
        <translation>Der Schlüsselbund hat den Zugriff verweigert.</translation>
    </message>
    <message>
        <source>Allow Keybearer in the keychain&apos;s own program, then try again.</source>
        <translation>Erlauben Sie Keybearer im Programm des Schlüsselbunds, und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>The keychain holds no such secret any more.</source>
        <translation>Der Schlüsselbund enthält dieses Geheimnis nicht mehr.</translation>
    </message>
    <message>
        <source>Paste it into the profile again.</source>
        <translation>Fügen Sie es noch einmal im Profil ein.</translation>
    </message>
    <message>
        <source>The keychain reported a failure.</source>
        <translation>Der Schlüsselbund hat einen Fehler gemeldet.</translation>
    </message>
    <message>
        <source>Try again, or keep the secret in memory only.</source>
        <translation>Versuchen Sie es noch einmal, oder behalten Sie das Geheimnis nur im Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>The keychain is locked.</source>
        <translation>Der Schlüsselbund ist gesperrt.</translation>
    </message>
    <message>
        <source>Unlock it in the desktop, then try again.</source>
        <translation>Entsperren Sie ihn im Desktop, und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>Another program changed this secret in the keychain.</source>
        <translation>Ein anderes Programm hat dieses Geheimnis im Schlüsselbund geändert.</translation>
    </message>
    <message>
        <source>Try again to use the new one, or enter yours in the profile.</source>
        <translation>Versuchen Sie es noch einmal, um das neue zu verwenden, oder geben Sie Ihres im Profil ein.</translation>
    </message>
</context>
<context>
    <name>KeychainService</name>
    <message>
        <source>Secret Service</source>
        <translation>Secret Service</translation>
    </message>
    <message>
        <source>The keychain service does not answer. Wait, or restart it, then look again.</source>
        <translation>Der Schlüsselbunddienst antwortet nicht. Warten Sie, oder starten Sie ihn neu, und sehen Sie dann noch einmal nach.</translation>
    </message>
    <message>
        <source>There is no keychain service. Start GNOME Keyring or KWallet, or keep secrets in memory only.</source>
        <translation>Es gibt keinen Schlüsselbunddienst. Starten Sie GNOME Keyring oder KWallet, oder behalten Sie Geheimnisse nur im Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>The keychain is locked. Unlock it in the desktop, then look again.</source>
        <translation>Der Schlüsselbund ist gesperrt. Entsperren Sie ihn im Desktop, und sehen Sie dann noch einmal nach.</translation>
    </message>
</context>
<context>
    <name>LiveCredentialText</name>
    <message>
        <source>%1 answered %2 and named this address.</source>
        <translation>%1 hat mit %2 geantwortet und diese Adresse genannt.</translation>
    </message>
    <message>
        <source>The method became %1.</source>
        <translation>Die Methode wurde zu %1.</translation>
    </message>
    <message>
        <source>The redirect left https for http.</source>
        <translation>Die Weiterleitung wechselte von https zu http.</translation>
    </message>
    <message>
        <source>This is another origin.</source>
        <translation>Das ist ein anderer Origin.</translation>
    </message>
    <message>
        <source>Left behind: %1.</source>
        <translation>Zurückgelassen: %1.</translation>
    </message>
    <message>
        <source>client certificate</source>
        <translation>Client-Zertifikat</translation>
    </message>
</context>
<context>
    <name>LoginAnswer</name>
    <message>
        <source>an object without members</source>
        <translation>ein Objekt ohne Member</translation>
    </message>
    <message>
        <source>an object with %1</source>
        <translation>ein Objekt mit %1</translation>
    </message>
    <message>
        <source>a list of %1</source>
        <translation>eine Liste, Länge %1</translation>
    </message>
    <message>
        <source>an empty text</source>
        <translation>ein leerer Text</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>ein Text</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>ein Wahrheitswert</translation>
    </message>
    <message>
        <source>null</source>
        <translation>null</translation>
    </message>
    <message>
        <source>The answer has no header %1, and no other either.</source>
        <translation>Die Antwort hat keinen Header %1 und auch keinen anderen.</translation>
    </message>
    <message>
        <source>The answer has no header %1. It has: %2.</source>
        <translation>Die Antwort hat keinen Header %1. Vorhanden sind: %2.</translation>
    </message>
    <message>
        <source>The answer does not set the cookie %1, and no other either.</source>
        <translation>Die Antwort setzt das Cookie %1 nicht und auch kein anderes.</translation>
    </message>
    <message>
        <source>The answer does not set the cookie %1. It sets: %2.</source>
        <translation>Die Antwort setzt das Cookie %1 nicht. Gesetzt werden: %2.</translation>
    </message>
    <message>
        <source>the top</source>
        <translation>ganz oben</translation>
    </message>
    <message>
        <source>There is nothing at %1: the answer is an HTML page, not JSON.</source>
        <translation>An der Stelle %1 ist nichts: Die Antwort ist eine HTML-Seite, kein JSON.</translation>
    </message>
    <message>
        <source>There is nothing at %1: the answer has no body.</source>
        <translation>An der Stelle %1 ist nichts: Die Antwort hat keinen Body.</translation>
    </message>
    <message>
        <source>There is nothing at %1: the answer is not JSON.</source>
        <translation>An der Stelle %1 ist nichts: Die Antwort ist kein JSON.</translation>
    </message>
    <message>
        <source>At %1 is %2, where a text should be.</source>
        <translation>An der Stelle %1 steht %2; dort sollte ein Text stehen.</translation>
    </message>
    <message>
        <source>There is nothing at %1. The answer is %2.</source>
        <translation>An der Stelle %1 ist nichts. Die Antwort ist %2.</translation>
    </message>
    <message>
        <source>There is nothing at %1. At %2 is %3.</source>
        <translation>An der Stelle %1 ist nichts. An der Stelle %2 steht %3.</translation>
    </message>
    <message>
        <source>login</source>
        <translation>Anmeldung</translation>
    </message>
    <message>
        <source>The server wants to send the login on to another address (%1). It is not followed, because it carries secrets.</source>
        <translation>Der Server will die Anmeldung an eine andere Adresse weiterleiten (%1). Dem wird nicht gefolgt, da sie Geheimnisse enthält.</translation>
    </message>
    <message>
        <source>Set the final address in the profile.</source>
        <translation>Tragen Sie im Profil die endgültige Adresse ein.</translation>
    </message>
    <message>
        <source>The server cannot answer now (%1).</source>
        <translation>Der Server kann jetzt nicht antworten (%1).</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>The server refused the login (%1).</source>
        <translation>Der Server hat die Anmeldung abgelehnt (%1).</translation>
    </message>
    <message>
        <source>The server refused the login (%1): %2</source>
        <translation>Der Server hat die Anmeldung abgelehnt (%1): %2</translation>
    </message>
    <message>
        <source>Check the address and the method of the login.</source>
        <translation>Prüfen Sie Adresse und Methode der Anmeldung.</translation>
    </message>
    <message>
        <source>Check the user, the password and the body of the login.</source>
        <translation>Prüfen Sie Benutzer, Passwort und Body der Anmeldung.</translation>
    </message>
    <message>
        <source>The cookie %1 says nothing of its end.</source>
        <translation>Das Cookie %1 sagt nichts über sein Ende.</translation>
    </message>
    <message>
        <source>The token&apos;s end is not known: %1</source>
        <translation>Das Ende des Tokens ist nicht bekannt: %1</translation>
    </message>
    <message>
        <source>The token&apos;s end at %1 does not read as what the profile says it is.</source>
        <translation>Das Ende des Tokens an der Stelle %1 ist nicht so lesbar, wie es das Profil angibt.</translation>
    </message>
    <message>
        <source>By its answer the token has ended already.</source>
        <translation>Nach dieser Antwort ist das Token schon abgelaufen.</translation>
    </message>
    <message>
        <source>The server&apos;s answer is too large to be that of a login.</source>
        <translation>Die Antwort des Servers ist zu groß für die einer Anmeldung.</translation>
    </message>
    <message>
        <source>The server&apos;s answer was cut off.</source>
        <translation>Die Antwort des Servers wurde abgeschnitten.</translation>
    </message>
    <message>
        <source>The login gave no token. %1</source>
        <translation>Die Anmeldung ergab kein Token. %1</translation>
    </message>
    <message>
        <source>The login gave no token. %1 The server says: %2</source>
        <translation>Die Anmeldung ergab kein Token. %1 Der Server sagt: %2</translation>
    </message>
    <message>
        <source>Say in the profile where the answer has the token.</source>
        <translation>Geben Sie im Profil an, wo in der Antwort das Token steht.</translation>
    </message>
    <message>
        <source>No refresh token came: %1</source>
        <translation>Es kam kein Refresh-Token: %1</translation>
    </message>
    <message>
        <source>No CSRF token came: %1</source>
        <translation>Es kam kein CSRF-Token: %1</translation>
    </message>
</context>
<context>
    <name>LoginRequest</name>
    <message>
        <source>The password of the login is missing.</source>
        <translation>Das Passwort der Anmeldung fehlt.</translation>
    </message>
    <message>
        <source>The refresh token is missing.</source>
        <translation>Das Refresh-Token fehlt.</translation>
    </message>
    <message>
        <source>Enter it in the profile.</source>
        <translation>Geben Sie das im Profil ein.</translation>
    </message>
    <message>
        <source>The secret is no UTF-8 text, which a body of this kind must be.</source>
        <translation>Das Geheimnis ist kein UTF-8-Text; ein Body dieser Art muss das sein.</translation>
    </message>
    <message>
        <source>Enter it again in the profile.</source>
        <translation>Geben Sie es im Profil noch einmal ein.</translation>
    </message>
    <message>
        <source>That is no header line: %1</source>
        <translation>Das ist keine Headerzeile: %1</translation>
    </message>
    <message>
        <source>Write it as Name: value.</source>
        <translation>Schreiben Sie sie als Name: Wert.</translation>
    </message>
    <message>
        <source>That is no method: %1</source>
        <translation>Das ist keine Methode: %1</translation>
    </message>
    <message>
        <source>Use POST, or what the API&apos;s description says.</source>
        <translation>Verwenden Sie POST, oder was die Beschreibung der API vorgibt.</translation>
    </message>
    <message>
        <source>login address</source>
        <translation>Anmeldeadresse</translation>
    </message>
    <message>
        <source>refresh address</source>
        <translation>Adresse zum Erneuern</translation>
    </message>
    <message>
        <source>A login&apos;s header lines may not name another host.</source>
        <translation>Die Headerzeilen einer Anmeldung dürfen keinen anderen Host nennen.</translation>
    </message>
    <message>
        <source>Name the host in the address.</source>
        <translation>Nennen Sie den Host in der Adresse.</translation>
    </message>
</context>
<context>
    <name>LoopbackListener</name>
    <message>
        <source>There is nothing here.</source>
        <translation>Hier ist nichts.</translation>
    </message>
    <message>
        <source>Keybearer has the answer. You can close this page.</source>
        <translation>Keybearer hat die Antwort. Sie können diese Seite schließen.</translation>
    </message>
    <message>
        <source>No port could be opened on this machine.</source>
        <translation>Auf diesem Rechner konnte kein Port geöffnet werden.</translation>
    </message>
    <message>
        <source>Check what keeps programs from listening on 127.0.0.1.</source>
        <translation>Prüfen Sie, was Programme daran hindert, auf 127.0.0.1 zu lauschen.</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>An API client with tokens at its heart.</source>
        <translation>Ein API-Client, in dessen Mittelpunkt Tokens stehen.</translation>
    </message>
    <message>
        <source>Open the practice workspace and its API.</source>
        <translation>Den Übungsarbeitsbereich und seine API öffnen.</translation>
    </message>
    <message>
        <source>A workspace folder, a file of a workspace, or a file to import.</source>
        <translation>Ein Ordner eines Arbeitsbereichs, eine Datei daraus oder eine Datei zum Importieren.</translation>
    </message>
    <message>
        <source>Start anew, though Keybearer is running.</source>
        <translation>Neu starten, obwohl Keybearer läuft.</translation>
    </message>
</context>
<context>
    <name>Matrix</name>
    <message>
        <source>The answer repeats the secret that was sent.</source>
        <translation>Die Antwort wiederholt das gesendete Geheimnis.</translation>
    </message>
    <message>
        <source>Another&apos;s object gets %1 and one that does not exist %2: the answer tells which objects there are.</source>
        <translation>Ein fremdes Objekt ergibt %1, ein nicht vorhandenes %2: Die Antwort verrät, welche Objekte es gibt.</translation>
    </message>
    <message>
        <source>No credential is needed where one should be</source>
        <translation>Wo Zugangsdaten nötig wären, geht es ohne</translation>
    </message>
    <message>
        <source>A credential that is no longer good is accepted (%1)</source>
        <translation>Ungültige Zugangsdaten werden angenommen (%1)</translation>
    </message>
    <message>
        <source>Another&apos;s object is handed out</source>
        <translation>Ein fremdes Objekt wird herausgegeben</translation>
    </message>
    <message>
        <source>A credential of the wrong kind is accepted</source>
        <translation>Zugangsdaten der falschen Art werden angenommen</translation>
    </message>
    <message>
        <source>A permission is not checked</source>
        <translation>Eine Berechtigung wird nicht geprüft</translation>
    </message>
    <message>
        <source>Somebody who may is turned away</source>
        <translation>Wer darf, wird abgewiesen</translation>
    </message>
    <message>
        <source>The answer is no clear denial</source>
        <translation>Die Antwort ist keine klare Ablehnung</translation>
    </message>
    <message>
        <source>The server fails</source>
        <translation>Der Server versagt</translation>
    </message>
    <message>
        <source>The waiver for %1 ran out on %2.</source>
        <translation>Die Ausnahme für %1 ist am %2 abgelaufen.</translation>
    </message>
    <message>
        <source>The waiver for %1 fits no cell.</source>
        <translation>Die Ausnahme für %1 passt zu keiner Zelle.</translation>
    </message>
    <message>
        <source>%1 lets anonymous in and turns a known identity away.</source>
        <translation>%1 lässt anonyme Anfragen ein und weist eine bekannte Identität ab.</translation>
    </message>
    <message>
        <source>%1, line %2</source>
        <translation>%1, Zeile %2</translation>
    </message>
    <message>
        <source>No credential is needed (%1); what a bad one gets is not said.</source>
        <translation>Zugangsdaten sind nicht nötig (%1); was ungültige ergeben, ist nicht gesagt.</translation>
    </message>
    <message>
        <source>No credential is needed (%1).</source>
        <translation>Zugangsdaten sind nicht nötig (%1).</translation>
    </message>
    <message>
        <source>It has what &quot;security&quot; asks for (%1).</source>
        <translation>Es hat, was „security“ verlangt (%1).</translation>
    </message>
    <message>
        <source>Its token does not say whether it has %1 (%2).</source>
        <translation>Sein Token sagt nicht, ob es %1 hat (%2).</translation>
    </message>
    <message>
        <source>It lacks %1 (%2).</source>
        <translation>Ihm fehlt %1 (%2).</translation>
    </message>
    <message>
        <source>A credential is needed (%1).</source>
        <translation>Zugangsdaten sind nötig (%1).</translation>
    </message>
    <message>
        <source>Its credential is no longer good: %1 (%2).</source>
        <translation>Seine Zugangsdaten gelten nicht mehr: %1 (%2).</translation>
    </message>
    <message>
        <source>It has no credential of a kind that is accepted (%1).</source>
        <translation>Es hat keine Zugangsdaten einer Art, die angenommen wird (%1).</translation>
    </message>
    <message>
        <source>Confirmed as public; what a bad credential gets is not said.</source>
        <translation>Als öffentlich bestätigt; was ungültige Zugangsdaten ergeben, ist nicht gesagt.</translation>
    </message>
    <message>
        <source>Confirmed as public.</source>
        <translation>Als öffentlich bestätigt.</translation>
    </message>
    <message>
        <source>The document says nothing of security.</source>
        <translation>Das Dokument sagt nichts über den Zugang.</translation>
    </message>
    <message>
        <source>The document says nothing of security here. Confirm it as public.</source>
        <translation>Das Dokument sagt hier nichts über den Zugang. Bestätigen Sie die Operation als öffentlich.</translation>
    </message>
    <message>
        <source>It has %1 (%2).</source>
        <translation>Es hat %1 (%2).</translation>
    </message>
    <message>
        <source>The document does not say who may have another&apos;s object.</source>
        <translation>Das Dokument sagt nicht, wer fremde Objekte haben darf.</translation>
    </message>
    <message>
        <source>It has %1, and may have others&apos; objects.</source>
        <translation>Es hat %1 und darf fremde Objekte haben.</translation>
    </message>
    <message>
        <source>The object is another&apos;s (x-own-objects-only).</source>
        <translation>Das Objekt gehört jemand anderem (x-own-objects-only).</translation>
    </message>
    <message>
        <source>Marked by hand</source>
        <translation>Von Hand markiert</translation>
    </message>
    <message>
        <source>rule %1</source>
        <translation>Regel %1</translation>
    </message>
    <message>
        <source>There is no such object.</source>
        <translation>Ein solches Objekt gibt es nicht.</translation>
    </message>
    <message>
        <source>No request is known that only a good credential gets through.</source>
        <translation>Es ist keine Anfrage bekannt, die nur mit gültigen Zugangsdaten durchkommt.</translation>
    </message>
    <message>
        <source>%1 got %2.</source>
        <translation>%1 ergab %2.</translation>
    </message>
    <message>
        <source>The server stopped answering; the run was ended.</source>
        <translation>Der Server antwortet nicht mehr; der Lauf wurde beendet.</translation>
    </message>
    <message>
        <source>The server kept failing; the run was ended.</source>
        <translation>Der Server versagt immer wieder; der Lauf wurde beendet.</translation>
    </message>
    <message>
        <source>The run was stopped.</source>
        <translation>Der Lauf wurde angehalten.</translation>
    </message>
    <message>
        <source>401 was used for a permission problem; 403 is meant for it.</source>
        <translation>401 kam für eine fehlende Berechtigung; dafür ist 403 da.</translation>
    </message>
    <message>
        <source>403 was used for a missing or bad credential; 401 is meant for it.</source>
        <translation>403 kam für fehlende oder ungültige Zugangsdaten; dafür ist 401 da.</translation>
    </message>
    <message>
        <source>304 came without a conditional request: a protocol error.</source>
        <translation>304 kam ohne bedingte Anfrage: ein Protokollfehler.</translation>
    </message>
    <message>
        <source>A redirect to a login stands for 401. API clients need the status.</source>
        <translation>Eine Weiterleitung zur Anmeldung steht für 401. API-Clients brauchen den Status.</translation>
    </message>
    <message>
        <source>400 was used for a bad credential; 401 is meant for it.</source>
        <translation>400 kam für ungültige Zugangsdaten; dafür ist 401 da.</translation>
    </message>
    <message>
        <source>400 was used for a missing scope; 403 is meant for it.</source>
        <translation>400 kam für einen fehlenden Scope; dafür ist 403 da.</translation>
    </message>
    <message>
        <source>The proxy asks for a login. The API was not reached.</source>
        <translation>Der Proxy verlangt eine Anmeldung. Die API wurde nicht erreicht.</translation>
    </message>
    <message>
        <source>It got what anonymous gets.</source>
        <translation>Es bekam, was anonyme Anfragen bekommen.</translation>
    </message>
    <message>
        <source>%1 can change something, and no strategy is saved for it.</source>
        <translation>%1 kann etwas ändern, und dafür ist keine Strategie gespeichert.</translation>
    </message>
    <message>
        <source>%1 can change something, and unsafe methods are off.</source>
        <translation>%1 kann etwas ändern, und unsichere Methoden sind aus.</translation>
    </message>
    <message>
        <source>It would really be done, and that was not confirmed.</source>
        <translation>Es würde wirklich ausgeführt, und das wurde nicht bestätigt.</translation>
    </message>
    <message>
        <source>Its path names no object that could be an absent one.</source>
        <translation>Sein Pfad nennt kein Objekt, das fehlen könnte.</translation>
    </message>
    <message>
        <source>expected %1</source>
        <translation>erwartet: %1</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Access matrix</source>
        <translation>Zugriffsmatrix</translation>
    </message>
    <message>
        <source>This run proves too little: %1 of %2 decided cells are proven.</source>
        <translation>Dieser Lauf beweist zu wenig: %1 von %2 entschiedenen Zellen sind bewiesen.</translation>
    </message>
    <message>
        <source>Who got in</source>
        <translation>Wer hineinkam</translation>
    </message>
    <message>
        <source>This is neither a run nor a baseline.</source>
        <translation>Das ist weder ein Lauf noch ein Vergleichsstand.</translation>
    </message>
    <message>
        <source>Name the JSON report of a run, or what &quot;matrix baseline&quot; made of it.</source>
        <translation>Nennen Sie den JSON-Bericht eines Laufs, oder was „matrix baseline“ daraus gemacht hat.</translation>
    </message>
    <message>
        <source>%1: %2. Expected %3, got %4. %5</source>
        <translation>%1: %2. Erwartet: %3, bekommen: %4. %5</translation>
    </message>
    <message>
        <source>Expected: %1. %2</source>
        <translation>Erwartet: %1. %2</translation>
    </message>
    <message>
        <source>Observed: %1 (%2)</source>
        <translation>Beobachtet: %1 (%2)</translation>
    </message>
    <message>
        <source>Sent: %1</source>
        <translation>Gesendet: %1</translation>
    </message>
    <message>
        <source>Challenge: %1</source>
        <translation>Challenge: %1</translation>
    </message>
    <message>
        <source>Evidence: %1</source>
        <translation>Beleg: %1</translation>
    </message>
    <message>
        <source>Against the baseline: %1</source>
        <translation>Gegenüber dem Vergleichsstand: %1</translation>
    </message>
    <message>
        <source>expected %1, got %2</source>
        <translation>erwartet: %1, bekommen: %2</translation>
    </message>
    <message>
        <source>The run is **inconclusive**: %1 of %2 decided cells are proven.</source>
        <translation>Der Lauf ist **nicht schlüssig**: %1 von %2 entschiedenen Zellen sind bewiesen.</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Operation</source>
        <translation>Operation</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Wer</translation>
    </message>
    <message>
        <source>Got</source>
        <translation>Bekommen</translation>
    </message>
    <message>
        <source>It was not sent.</source>
        <translation>Es wurde nicht gesendet.</translation>
    </message>
    <message>
        <source>No answer came.</source>
        <translation>Es kam keine Antwort.</translation>
    </message>
    <message>
        <source>The server throttled it.</source>
        <translation>Der Server hat gedrosselt.</translation>
    </message>
    <message>
        <source>The proxy asked for a login.</source>
        <translation>Der Proxy verlangte eine Anmeldung.</translation>
    </message>
    <message>
        <source>It was redirected, which the document does not say.</source>
        <translation>Es wurde weitergeleitet, was das Dokument nicht sagt.</translation>
    </message>
    <message>
        <source>The answer can mean one thing or the other.</source>
        <translation>Die Antwort kann das eine oder das andere bedeuten.</translation>
    </message>
    <message>
        <source>It was let in and got nothing of its own.</source>
        <translation>Es wurde eingelassen und bekam nichts Eigenes.</translation>
    </message>
    <message>
        <source>403 where 401 was expected.</source>
        <translation>403, wo 401 erwartet wurde.</translation>
    </message>
    <message>
        <source>401 where 403 was expected.</source>
        <translation>401, wo 403 erwartet wurde.</translation>
    </message>
    <message>
        <source>404 where a denial was expected.</source>
        <translation>404, wo eine Ablehnung erwartet wurde.</translation>
    </message>
    <message>
        <source>The request was judged before the permission.</source>
        <translation>Die Anfrage wurde vor der Berechtigung geprüft.</translation>
    </message>
    <message>
        <source>A server error is no denial.</source>
        <translation>Ein Serverfehler ist keine Ablehnung.</translation>
    </message>
    <message>
        <source>The profile&apos;s credential was not proven to be good.</source>
        <translation>Es ist nicht bewiesen, dass die Zugangsdaten des Profils gelten.</translation>
    </message>
    <message>
        <source>Nobody who is allowed got through on this row.</source>
        <translation>In dieser Zeile kam niemand durch, der darf.</translation>
    </message>
    <message>
        <source>The profile is gone.</source>
        <translation>Das Profil gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>The document does not describe %1 in its path.</source>
        <translation>Das Dokument beschreibt %1 in seinem Pfad nicht.</translation>
    </message>
    <message>
        <source>It has a server of its own, %1.</source>
        <translation>Sie hat einen eigenen Server, %1.</translation>
    </message>
    <message>
        <source>%1 can change something, and this is production.</source>
        <translation>%1 kann etwas ändern, und das ist die Produktion.</translation>
    </message>
    <message>
        <source>%1 can change something, and it is not known that this is no production. Give the environment a class.</source>
        <translation>%1 kann etwas ändern, und es ist nicht bekannt, dass dies keine Produktion ist. Geben Sie der Umgebung eine Klasse.</translation>
    </message>
    <message>
        <source>Only a local or test environment may be changed for real.</source>
        <translation>Wirklich geändert werden darf nur eine lokale oder eine Testumgebung.</translation>
    </message>
    <message>
        <source>The answer holds what only objects of %1 hold.</source>
        <translation>Die Antwort enthält, was nur Objekte von %1 enthalten.</translation>
    </message>
    <message>
        <source>A credential that was tampered with is accepted (%1)</source>
        <translation>Veränderte Zugangsdaten werden angenommen (%1)</translation>
    </message>
    <message>
        <source>Its credential is %1 (%2).</source>
        <translation>Seine Zugangsdaten sind %1 (%2).</translation>
    </message>
    <message>
        <source>The answer of the fixture&apos;s setup has no id at %1.</source>
        <translation>Die Antwort beim Anlegen des Testobjekts hat bei %1 keine Kennung.</translation>
    </message>
    <message>
        <source>The fixture could not be set up: %1.</source>
        <translation>Das Testobjekt ließ sich nicht anlegen: %1.</translation>
    </message>
    <message>
        <source>An object that %1 made was not removed: its id is not known.</source>
        <translation>Ein Objekt von %1 wurde nicht entfernt: Seine Kennung ist unbekannt.</translation>
    </message>
    <message>
        <source>The object %1 of %2 could not be removed: %3.</source>
        <translation>Das Objekt %1 von %2 ließ sich nicht entfernen: %3.</translation>
    </message>
    <message>
        <source>Not sent: nobody who may was seen to get 412 for an If-Match that fits nothing.</source>
        <translation>Nicht gesendet: Niemand mit Berechtigung bekam 412 für ein If-Match, das auf nichts passt.</translation>
    </message>
    <message>
        <source>It answered %1, and the object was changed all the same.</source>
        <translation>Die Antwort war %1, und das Objekt wurde trotzdem geändert.</translation>
    </message>
    <message>
        <source>Forged credentials are sent to local, test and staging environments only. Give the environment a class.</source>
        <translation>Gefälschte Zugangsdaten gehen nur an lokale, Test- und Staging-Umgebungen. Geben Sie der Umgebung eine Klasse.</translation>
    </message>
    <message>
        <source>Its strategy needs a fixture: what makes the object, and what removes it.</source>
        <translation>Sein Vorgehen braucht ein Testobjekt: was es anlegt und was es entfernt.</translation>
    </message>
    <message>
        <source>The document does not have %1, which its fixture names.</source>
        <translation>Im Dokument fehlt %1, das sein Testobjekt nennt.</translation>
    </message>
    <message>
        <source>The owner of its fixture is not among the identities.</source>
        <translation>Der Besitzer seines Testobjekts ist nicht unter den Identitäten.</translation>
    </message>
    <message>
        <source>Its path has no place for the id of an object.</source>
        <translation>Sein Pfad hat keinen Platz für die Kennung eines Objekts.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>%1 was %2, is %3</source>
        <translation>%1 war %2, ist %3</translation>
    </message>
    <message>
        <source>expected</source>
        <translation>erwartet</translation>
    </message>
    <message>
        <source>outcome</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>challenge</source>
        <translation>Challenge</translation>
    </message>
    <message>
        <source>problem type</source>
        <translation>Problemtyp</translation>
    </message>
    <message>
        <source>evidence</source>
        <translation>Beleg</translation>
    </message>
    <message>
        <source>the body has other members</source>
        <translation>der Body hat andere Felder</translation>
    </message>
    <message>
        <source>%1 is in the baseline and no longer in the document.</source>
        <translation>%1 ist im Vergleichslauf und nicht mehr im Dokument.</translation>
    </message>
    <message>
        <source>%1 is in the baseline and not among the identities.</source>
        <translation>%1 ist im Vergleichslauf und nicht unter den Identitäten.</translation>
    </message>
    <message>
        <source>The baseline does not know this cell.</source>
        <translation>Der Vergleichslauf kennt diese Zelle nicht.</translation>
    </message>
    <message>
        <source>It got now one thing, now another in earlier runs, so it was asked twice.</source>
        <translation>In früheren Läufen kam mal dies, mal jenes; deshalb wurde zweimal gefragt.</translation>
    </message>
    <message>
        <source>The own %1 of %2 is not known: %3</source>
        <translation>Die eigene %1 von %2 ist nicht bekannt: %3</translation>
    </message>
    <message>
        <source>Whose object this is could not be found out.</source>
        <translation>Wem dieses Objekt gehört, war nicht herauszufinden.</translation>
    </message>
    <message>
        <source>Not probeable: both own the same object.</source>
        <translation>Nicht prüfbar: Beiden gehört dasselbe Objekt.</translation>
    </message>
    <message>
        <source>%1 cannot ask for its own: it is no live identity.</source>
        <translation>%1 kann nicht nach dem Eigenen fragen: Es ist keine gültige Identität.</translation>
    </message>
    <message>
        <source>The document does not have %1.</source>
        <translation>Das Dokument hat %1 nicht.</translation>
    </message>
    <message>
        <source>%1 is not asked: only a GET or HEAD without an id in its path is.</source>
        <translation>%1 wird nicht gefragt: nur ein GET oder HEAD ohne Kennung im Pfad.</translation>
    </message>
    <message>
        <source>There was no answer.</source>
        <translation>Es kam keine Antwort.</translation>
    </message>
    <message>
        <source>The answer of %1 has no value at %2.</source>
        <translation>Die Antwort von %1 hat bei %2 keinen Wert.</translation>
    </message>
    <message>
        <source>The value at %2 in the answer of %1 cannot be an object&apos;s id.</source>
        <translation>Der Wert bei %2 in der Antwort von %1 kann keine Kennung eines Objekts sein.</translation>
    </message>
    <message>
        <source>The baseline does not know this operation.</source>
        <translation>Der Vergleichslauf kennt diese Operation nicht.</translation>
    </message>
    <message>
        <source>The baseline has %1 here. It was not asked: %2</source>
        <translation>Der Vergleichslauf hat hier %1. Es wurde nicht gefragt: %2</translation>
    </message>
    <message>
        <source>The denial has the wrong status code</source>
        <translation>Die Ablehnung hat den falschen Statuscode</translation>
    </message>
    <message>
        <source>The answer tells which objects there are</source>
        <translation>Die Antwort verrät, welche Objekte es gibt</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>bis %1</translation>
    </message>
    <message>
        <source>The waiver for %1 does not count: &quot;%2&quot; is no date. Write it as 2030-01-31.</source>
        <translation>Die Ausnahme für %1 zählt nicht: „%2“ ist kein Datum. Schreiben Sie es als 2030-01-31.</translation>
    </message>
    <message>
        <source>The waiver for %1 has no end. Give it one with &quot;expires&quot;.</source>
        <translation>Die Ausnahme für %1 hat kein Ende. Geben Sie ihr eines mit „expires“.</translation>
    </message>
    <message>
        <source>The waiver for %1 fits no finding.</source>
        <translation>Die Ausnahme für %1 passt zu keinem Befund.</translation>
    </message>
    <message>
        <source>%1 lets %2 in and turns anonymous away.</source>
        <translation>%1 lässt %2 ein und weist Anonyme ab.</translation>
    </message>
    <message>
        <source>%1 as %2 gets %3, and GET gets %4.</source>
        <translation>%1 als %2 bekommt %3, und GET bekommt %4.</translation>
    </message>
    <message>
        <source>It takes somebody with %1 (%2).</source>
        <translation>Es braucht jemanden mit %1 (%2).</translation>
    </message>
    <message>
        <source>%1 got no answer: an object that it made may be left behind.</source>
        <translation>%1 bekam keine Antwort: Ein Objekt, das es anlegte, kann zurückgeblieben sein.</translation>
    </message>
    <message>
        <source>The profile has no secret.</source>
        <translation>Das Profil hat kein Geheimnis.</translation>
    </message>
    <message>
        <source>Its issuer says that the token is not active.</source>
        <translation>Der Aussteller sagt, dass das Token nicht aktiv ist.</translation>
    </message>
    <message>
        <source>Its token had ended when it was sent, and it is not sent twice.</source>
        <translation>Sein Token war beim Senden abgelaufen, und es wird nicht zweimal gesendet.</translation>
    </message>
    <message>
        <source>Marked as not applicable.</source>
        <translation>Als nicht zutreffend markiert.</translation>
    </message>
    <message>
        <source>It takes no body: one that is no good would keep it from nothing.</source>
        <translation>Es nimmt keinen Body: Einer, der nichts taugt, hielte es von nichts ab.</translation>
    </message>
    <message>
        <source>Whether %1&apos;s credential is good is seen with %2: first, after every %3 requests, and last.</source>
        <translation>Ob der Ausweis von %1 gut ist, zeigt %2: zuerst, nach je %3 Anfragen und zuletzt.</translation>
    </message>
    <message>
        <source>Whether %1&apos;s token is good is asked of its issuer (%2): first, after every %3 requests, and last.</source>
        <translation>Ob das Token von %1 gut ist, wird sein Aussteller gefragt (%2): zuerst, nach je %3 Anfragen und zuletzt.</translation>
    </message>
    <message>
        <source>waived: %1</source>
        <translation>hingenommen: %1</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
    <message>
        <source>%1 a second, %2 at once</source>
        <translation>%1 je Sekunde, %2 zugleich</translation>
    </message>
    <message>
        <source>as fast as the answers come, %1 at once</source>
        <translation>so schnell, wie Antworten kommen, %1 zugleich</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Ziel</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>Umgebung</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Begun</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>%1 (stopped)</source>
        <translation>%1 (angehalten)</translation>
    </message>
    <message>
        <source>Pace</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Strict</source>
        <translation>Streng</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>Fails on</source>
        <translation>Scheitert an</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Dokument</translation>
    </message>
    <message>
        <source>Made with</source>
        <translation>Erzeugt mit</translation>
    </message>
    <message>
        <source>What was not proven</source>
        <translation>Was nicht bewiesen wurde</translation>
    </message>
    <message>
        <source>Nothing: all was proven.</source>
        <translation>Nichts: Alles wurde bewiesen.</translation>
    </message>
    <message>
        <source>%1: gone since the baseline, which has %2.</source>
        <translation>%1: seit dem Vergleichslauf verschwunden, der %2 hat.</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Anmerkungen</translation>
    </message>
    <message>
        <source>cell %1</source>
        <translation>Zelle %1</translation>
    </message>
    <message>
        <source>A credential that is no longer good is accepted</source>
        <translation>Ein Nachweis, der nicht mehr gilt, wird angenommen</translation>
    </message>
    <message>
        <source>A credential that was tampered with is accepted</source>
        <translation>Ein verfälschter Nachweis wird angenommen</translation>
    </message>
    <message>
        <source>Nothing is expected yet</source>
        <translation>Noch wird nichts erwartet</translation>
    </message>
    <message>
        <source>What is expected was not proven</source>
        <translation>Was erwartet wird, wurde nicht bewiesen</translation>
    </message>
    <message>
        <source>It differs from the baseline</source>
        <translation>Es weicht vom Vergleichslauf ab</translation>
    </message>
    <message>
        <source>There is a remark</source>
        <translation>Es gibt eine Anmerkung</translation>
    </message>
    <message>
        <source>%1: %2 drift. %3</source>
        <translation>%1: Abweichung %2. %3</translation>
    </message>
    <message>
        <source>%1: it is in the baseline and gone. It was %2.</source>
        <translation>%1: im Vergleichslauf und verschwunden. Es war %2.</translation>
    </message>
    <message>
        <source>%1, which does not count in this run</source>
        <translation>%1, was in diesem Lauf nicht zählt</translation>
    </message>
    <message>
        <source>Gone since the baseline</source>
        <translation>Seit dem Vergleichslauf verschwunden</translation>
    </message>
    <message>
        <source>The baseline has %1 here.</source>
        <translation>Der Vergleichslauf hat hier %1.</translation>
    </message>
    <message>
        <source>It is gone.</source>
        <translation>Es ist verschwunden.</translation>
    </message>
    <message>
        <source>Nobody was turned away, and nobody got a success: give its parameters examples that exist.</source>
        <translation>Niemand wurde abgewiesen, und niemand hatte Erfolg: Geben Sie den Parametern Beispiele, die es gibt.</translation>
    </message>
    <message>
        <source>No answer came, and the object was changed all the same.</source>
        <translation>Es kam keine Antwort, und das Objekt wurde trotzdem verändert.</translation>
    </message>
    <message>
        <source>Whose object this is, only a run of the matrix finds out.</source>
        <translation>Wessen Objekt das ist, findet erst ein Lauf der Matrix heraus.</translation>
    </message>
    <message>
        <source>It has not been sent.</source>
        <translation>Es wurde nicht gesendet.</translation>
    </message>
    <message>
        <source>An id that no object can have got a success.</source>
        <translation>Eine Id, die kein Objekt haben kann, bekam einen Erfolg.</translation>
    </message>
    <message>
        <source>Another tenant&apos;s object is handed out</source>
        <translation>Ein Objekt eines anderen Mandanten wird herausgegeben</translation>
    </message>
    <message>
        <source>Another&apos;s object is handed out beneath what is one&apos;s own</source>
        <translation>Ein fremdes Objekt wird unter einem eigenen herausgegeben</translation>
    </message>
    <message>
        <source>Suggested: conceal.</source>
        <translation>Vorschlag: conceal.</translation>
    </message>
    <message>
        <source>It has %1; whether it may have another tenant&apos;s objects is not said.</source>
        <translation>Es hat %1; ob es Objekte eines anderen Mandanten haben darf, ist nicht gesagt.</translation>
    </message>
    <message>
        <source>It has %1; what it gets where the object is not is not said.</source>
        <translation>Es hat %1; was es dort bekommt, wo das Objekt nicht ist, ist nicht gesagt.</translation>
    </message>
    <message>
        <source>No object can have such an id.</source>
        <translation>Eine solche Id kann kein Objekt haben.</translation>
    </message>
    <message>
        <source>The run&apos;s limit of %1 requests is reached.</source>
        <translation>Die Grenze des Laufs von %1 Anfragen ist erreicht.</translation>
    </message>
    <message>
        <source>The run&apos;s limit of %1 s is reached.</source>
        <translation>Die Grenze des Laufs von %1 s ist erreicht.</translation>
    </message>
    <message>
        <source>The answer means %1 by the rule &quot;%2&quot;.</source>
        <translation>Die Antwort bedeutet %1 nach der Regel „%2“.</translation>
    </message>
    <message>
        <source>outcome %1</source>
        <translation>Ergebnis %1</translation>
    </message>
    <message>
        <source>These are %1 requests, and a run may send %2: the rest is not sent.</source>
        <translation>Das sind %1 Anfragen, und ein Lauf darf %2 senden: Der Rest wird nicht gesendet.</translation>
    </message>
    <message>
        <source>This takes about %1 s, and a run may take %2 s: the rest is not sent.</source>
        <translation>Das dauert etwa %1 s, und ein Lauf darf %2 s dauern: Der Rest wird nicht gesendet.</translation>
    </message>
    <message>
        <source>Choose a name of your own, such as X-Keybearer-Run.</source>
        <translation>Wählen Sie einen eigenen Namen, etwa X-Keybearer-Run.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be a header&apos;s name.</source>
        <translation>„%1“ kann nicht der Name eines Headers sein.</translation>
    </message>
    <message>
        <source>The run&apos;s id cannot go into %1: the header has a meaning already.</source>
        <translation>Die Kennung des Laufs kann nicht in %1 stehen: Der Header hat schon eine Bedeutung.</translation>
    </message>
    <message numerus="yes">
        <source>%1 lets %2 in, whom all %n other write(s) there turn away.</source>
        <translation>
            <numerusform>%1 lässt %2 ein, den der %n andere schreibende Zugriff dort abweist.</numerusform>
            <numerusform>%1 lässt %2 ein, den alle %n anderen schreibenden Zugriffe dort abweisen.</numerusform>
        </translation>
    </message>
    <message>
        <source>The answer was not compared with what the mark expects exactly. Run the cell again.</source>
        <translation>Die Antwort wurde nicht mit dem verglichen, was die Markierung genau erwartet. Zelle noch einmal ausführen.</translation>
    </message>
    <message>
        <source>The document has %1 here, and not %2.</source>
        <translation>Das Dokument nennt hier %1 und nicht %2.</translation>
    </message>
    <message>
        <source>The answer holds what it should not see: %1.</source>
        <translation>Die Antwort enthält, was hier nicht zu sehen sein soll: %1.</translation>
    </message>
    <message>
        <source>A member is handed out that is not for everybody</source>
        <translation>Ein Feld wird herausgegeben, das nicht für alle ist</translation>
    </message>
    <message>
        <source>The answer is not just what a mark expects</source>
        <translation>Die Antwort ist nicht genau, was eine Markierung erwartet</translation>
    </message>
    <message>
        <source>Not sent: it needs a login, and nobody logged in.</source>
        <translation>Nicht gesendet: Eine Anmeldung ist nötig, und niemand hat sich angemeldet.</translation>
    </message>
    <message>
        <source>%1 is %2, and exactly %3 is expected.</source>
        <translation>%1 ist %2, erwartet ist genau %3.</translation>
    </message>
    <message>
        <source>The status</source>
        <translation>Der Status</translation>
    </message>
    <message>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <source>The challenge&apos;s error</source>
        <translation>Der Fehler der Challenge</translation>
    </message>
    <message>
        <source>The problem type</source>
        <translation>Der Problemtyp</translation>
    </message>
    <message>
        <source>The header %1 is not as it is expected.</source>
        <translation>Der Header %1 ist nicht wie erwartet.</translation>
    </message>
    <message>
        <source>The body is not as it is expected.</source>
        <translation>Der Inhalt ist nicht wie erwartet.</translation>
    </message>
    <message>
        <source>What the body has at %1 is not as it is expected.</source>
        <translation>Was der Inhalt bei %1 hat, ist nicht wie erwartet.</translation>
    </message>
    <message>
        <source>Run by</source>
        <translation>Ausgeführt von</translation>
    </message>
    <message>
        <source>Run the matrix anew, without --resume.</source>
        <translation>Die Matrix ohne --resume neu ausführen.</translation>
    </message>
    <message>
        <source>This is no JSON report of a run that can be resumed.</source>
        <translation>Das ist kein JSON-Bericht eines Laufs, der fortgesetzt werden kann.</translation>
    </message>
    <message>
        <source>Name the file that --report json=FILE wrote for a run that was stopped.</source>
        <translation>Die Datei nennen, die --report json=DATEI für einen abgebrochenen Lauf geschrieben hat.</translation>
    </message>
    <message>
        <source>This run was made from another plan: the document, the identities, the place of the API or what was chosen of them are others now.</source>
        <translation>Dieser Lauf hatte einen anderen Plan: Dokument, Identitäten, Ort der API oder die Auswahl davon sind jetzt andere.</translation>
    </message>
    <message>
        <source>This run came to its end: there is nothing to resume.</source>
        <translation>Dieser Lauf kam ans Ende: Es gibt nichts fortzusetzen.</translation>
    </message>
    <message>
        <source>The key of %1 goes in the address, which logs and histories keep (CWE-598).</source>
        <translation>Der Schlüssel von %1 steht in der Adresse, die Protokolle und Verläufe aufbewahren (CWE-598).</translation>
    </message>
    <message>
        <source>Credentials went to %1 in clear text (CWE-319).</source>
        <translation>Zugangsdaten gingen im Klartext an %1 (CWE-319).</translation>
    </message>
    <message>
        <source>An object of somebody who may more is handed out</source>
        <translation>Ein Objekt von jemandem, der mehr darf, wird herausgegeben</translation>
    </message>
    <message>
        <source>What only somebody who may more may do is done</source>
        <translation>Getan wird, was nur jemand darf, der mehr darf</translation>
    </message>
    <message>
        <source>Its token does not say whether it has %1.</source>
        <translation>Sein Token sagt nicht, ob es %1 hat.</translation>
    </message>
    <message>
        <source>%1 share one grant: whoever renews it ends the others&apos; token.</source>
        <translation>%1 teilen sich eine Erteilung: Wer sie erneuert, beendet das Token der anderen.</translation>
    </message>
    <message>
        <source>What makes or removes its object has a server of its own.</source>
        <translation>Was sein Objekt anlegt oder entfernt, hat einen eigenen Server.</translation>
    </message>
    <message>
        <source>%1 of %2 requests got no answer.</source>
        <translation>%1 von %2 Anfragen bekamen keine Antwort.</translation>
    </message>
    <message>
        <source>%1 of %2 requests were throttled to the end.</source>
        <translation>%1 von %2 Anfragen wurden bis zuletzt gedrosselt.</translation>
    </message>
    <message>
        <source>Nobody who may got through: %1.</source>
        <translation>Niemand, der darf, kam durch: %1.</translation>
    </message>
    <message>
        <source>Somebody gets what is for those who may more</source>
        <translation>Jemand bekommt, was denen vorbehalten ist, die mehr dürfen</translation>
    </message>
    <message>
        <source>All get 404 for an object that does not exist: the order of checks is not known.</source>
        <translation>Für ein Objekt, das es nicht gibt, bekommen alle 404: In welcher Reihenfolge geprüft wird, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>The mark for %1 fits no operation.</source>
        <translation>Die Markierung für %1 passt zu keiner Operation.</translation>
    </message>
</context>
<context>
    <name>MemoryStore</name>
    <message>
        <source>This secret was kept in memory only, and is gone.</source>
        <translation>Dieses Geheimnis war nur im Arbeitsspeicher und ist weg.</translation>
    </message>
    <message>
        <source>Paste it again.</source>
        <translation>Fügen Sie es noch einmal ein.</translation>
    </message>
    <message>
        <source>memory only</source>
        <translation>nur im Arbeitsspeicher</translation>
    </message>
</context>
<context>
    <name>MergeRequest</name>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>%1 (off)</source>
        <translation>%1 (aus)</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>URL</source>
        <translation>URL</translation>
    </message>
    <message>
        <source>Send as</source>
        <translation>Senden als</translation>
    </message>
    <message>
        <source>Parameter %1</source>
        <translation>Parameter %1</translation>
    </message>
    <message>
        <source>Header %1</source>
        <translation>Header %1</translation>
    </message>
    <message>
        <source>Check %1</source>
        <translation>Prüfung %1</translation>
    </message>
    <message>
        <source>Value kept as %1</source>
        <translation>Wert, behalten als %1</translation>
    </message>
    <message>
        <source>Timeout</source>
        <translation>Zeitlimit</translation>
    </message>
    <message>
        <source>Follow redirects</source>
        <translation>Weiterleitungen folgen</translation>
    </message>
    <message>
        <source>Most redirects</source>
        <translation>Höchstzahl der Weiterleitungen</translation>
    </message>
    <message>
        <source>Check certificates</source>
        <translation>Zertifikate prüfen</translation>
    </message>
    <message>
        <source>Left out headers</source>
        <translation>Weggelassene Header</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>Body</translation>
    </message>
    <message>
        <source>Part %1</source>
        <translation>Teil %1</translation>
    </message>
    <message>
        <source>Variable %1</source>
        <translation>Variable %1</translation>
    </message>
</context>
<context>
    <name>MergeSettings</name>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Based on</source>
        <translation>Aufbauend auf</translation>
    </message>
    <message>
        <source>.env file</source>
        <translation>.env-Datei</translation>
    </message>
    <message>
        <source>Send as</source>
        <translation>Senden als</translation>
    </message>
</context>
<context>
    <name>Module</name>
    <message>
        <source>A part of Keybearer could not be loaded: %1</source>
        <translation>Ein Teil von Keybearer konnte nicht geladen werden: %1</translation>
    </message>
    <message>
        <source>Install Keybearer again.</source>
        <translation>Installieren Sie Keybearer neu.</translation>
    </message>
</context>
<context>
    <name>OAuthAnswer</name>
    <message>
        <source>Check the address; the raw answer shows what came.</source>
        <translation>Prüfen Sie die Adresse; die rohe Antwort zeigt, was kam.</translation>
    </message>
    <message>
        <source>The server answered %1 with an HTML page instead of JSON.</source>
        <translation>Der Server hat mit %1 und einer HTML-Seite statt JSON geantwortet.</translation>
    </message>
    <message>
        <source>The server answered %1 with an empty body instead of JSON.</source>
        <translation>Der Server hat mit %1 und einem leeren Body statt JSON geantwortet.</translation>
    </message>
    <message>
        <source>The server&apos;s answer (%1) is not the JSON object it should be.</source>
        <translation>Die Antwort des Servers (%1) ist nicht das JSON-Objekt, das sie sein sollte.</translation>
    </message>
    <message>
        <source>Check the client id, its secret or key, and the way the client authenticates.</source>
        <translation>Prüfen Sie die Client-ID, ihr Secret oder ihren Schlüssel, und wie sich der Client ausweist.</translation>
    </message>
    <message>
        <source>What was presented has expired, was revoked or was used before. Log in again.</source>
        <translation>Was vorgelegt wurde, ist abgelaufen, widerrufen oder schon verwendet. Melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>Ask for scopes that the server knows and that this client may have.</source>
        <translation>Fordern Sie Scopes an, die der Server kennt und die dieser Client haben darf.</translation>
    </message>
    <message>
        <source>Check the resources and the audience that are asked for.</source>
        <translation>Prüfen Sie die angeforderten Ressourcen und die Audience.</translation>
    </message>
    <message>
        <source>Choose a grant that the server allows for this client.</source>
        <translation>Wählen Sie einen Grant, den der Server diesem Client erlaubt.</translation>
    </message>
    <message>
        <source>The server cannot do this with tokens of this kind.</source>
        <translation>Der Server kann das mit Tokens dieser Art nicht tun.</translation>
    </message>
    <message>
        <source>The server did not take the proof of possession.</source>
        <translation>Der Server hat den Besitznachweis nicht angenommen.</translation>
    </message>
    <message>
        <source>The server refused: %1.</source>
        <translation>Der Server hat abgelehnt: %1.</translation>
    </message>
    <message>
        <source>The server refused: %1 (%2).</source>
        <translation>Der Server hat abgelehnt: %1 (%2).</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>The server&apos;s answer is too large to be what it should be.</source>
        <translation>Die Antwort des Servers ist zu groß, um das zu sein, was sie sein sollte.</translation>
    </message>
    <message>
        <source>Check the address.</source>
        <translation>Prüfen Sie die Adresse.</translation>
    </message>
    <message>
        <source>The server&apos;s answer was cut off.</source>
        <translation>Die Antwort des Servers wurde abgeschnitten.</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The server&apos;s answer has a member twice, so that its meaning is not clear.</source>
        <translation>Die Antwort des Servers hat ein Member zweimal; was sie bedeutet, ist daher nicht klar.</translation>
    </message>
    <message>
        <source>Report it to those who run the server.</source>
        <translation>Melden Sie es den Betreibern des Servers.</translation>
    </message>
    <message>
        <source>The server wants to send the request on to another address (%1). It is not followed, because it carries secrets.</source>
        <translation>Der Server will die Anfrage an eine andere Adresse weiterleiten (%1). Dem wird nicht gefolgt, da sie Geheimnisse enthält.</translation>
    </message>
    <message>
        <source>Set the final address in the profile.</source>
        <translation>Tragen Sie im Profil die endgültige Adresse ein.</translation>
    </message>
    <message>
        <source>The server cannot answer now (%1).</source>
        <translation>Der Server kann jetzt nicht antworten (%1).</translation>
    </message>
    <message>
        <source>The server refused (%1) and gave no OAuth error code.</source>
        <translation>Der Server hat abgelehnt (%1) und keinen OAuth-Fehlercode genannt.</translation>
    </message>
</context>
<context>
    <name>OAuthClient</name>
    <message>
        <source>Enter it in the profile.</source>
        <translation>Geben Sie das im Profil ein.</translation>
    </message>
    <message>
        <source>The client secret is missing.</source>
        <translation>Das Client-Secret fehlt.</translation>
    </message>
    <message>
        <source>Nobody is named to whom the client&apos;s assertion goes.</source>
        <translation>Es ist nicht angegeben, an wen die Assertion des Clients geht.</translation>
    </message>
    <message>
        <source>Enter the issuer in the profile.</source>
        <translation>Geben Sie im Profil den Aussteller ein.</translation>
    </message>
    <message>
        <source>The client&apos;s private key is missing.</source>
        <translation>Der private Schlüssel des Clients fehlt.</translation>
    </message>
    <message>
        <source>The client&apos;s key is no private key.</source>
        <translation>Der Schlüssel des Clients ist kein privater Schlüssel.</translation>
    </message>
    <message>
        <source>Enter a private key, or choose client_secret_jwt.</source>
        <translation>Geben Sie einen privaten Schlüssel ein, oder wählen Sie client_secret_jwt.</translation>
    </message>
    <message>
        <source>The client id is missing.</source>
        <translation>Die Client-ID fehlt.</translation>
    </message>
</context>
<context>
    <name>OAuthCode</name>
    <message>
        <source>The login was refused, by the user or by the server.</source>
        <translation>Die Anmeldung wurde abgelehnt, vom Benutzer oder vom Server.</translation>
    </message>
    <message>
        <source>The server refused the login: %1.</source>
        <translation>Der Server hat die Anmeldung abgelehnt: %1.</translation>
    </message>
    <message>
        <source>Log in again.</source>
        <translation>Melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>authorization endpoint</source>
        <translation>Autorisierungs-Endpunkt</translation>
    </message>
    <message>
        <source>The client id is missing.</source>
        <translation>Die Client-ID fehlt.</translation>
    </message>
    <message>
        <source>Enter it in the profile.</source>
        <translation>Geben Sie das im Profil ein.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be the path of the redirect.</source>
        <translation>„%1“ kann nicht der Pfad der Weiterleitung sein.</translation>
    </message>
    <message>
        <source>Write a path such as /callback, without ? and #.</source>
        <translation>Schreiben Sie einen Pfad wie /callback, ohne ? und #.</translation>
    </message>
    <message>
        <source>The login would send the parameter %1 twice.</source>
        <translation>Die Anmeldung würde den Parameter %1 zweimal senden.</translation>
    </message>
    <message>
        <source>Remove it from the extra parameters or from the address.</source>
        <translation>Entfernen Sie ihn aus den zusätzlichen Parametern oder aus der Adresse.</translation>
    </message>
    <message>
        <source>A pushed login can be opened only once.</source>
        <translation>Eine vorab gesendete Anmeldung kann nur einmal geöffnet werden.</translation>
    </message>
    <message>
        <source>Begin the login again.</source>
        <translation>Beginnen Sie die Anmeldung noch einmal.</translation>
    </message>
    <message>
        <source>Something else than the answer of a login came in.</source>
        <translation>Es kam etwas anderes als die Antwort einer Anmeldung an.</translation>
    </message>
    <message>
        <source>An answer came in that does not read.</source>
        <translation>Es kam eine Antwort an, die nicht lesbar ist.</translation>
    </message>
    <message>
        <source>An answer came in that belongs to no login of this program.</source>
        <translation>Es kam eine Antwort an, die zu keiner Anmeldung dieses Programms gehört.</translation>
    </message>
    <message>
        <source>A second answer to the same login came in.</source>
        <translation>Es kam eine zweite Antwort auf dieselbe Anmeldung an.</translation>
    </message>
    <message>
        <source>Log in again. If it happens again, tell those who run the server.</source>
        <translation>Melden Sie sich neu an. Geschieht es wieder, sagen Sie es den Betreibern des Servers.</translation>
    </message>
    <message>
        <source>The answer of the login holds a parameter twice.</source>
        <translation>Die Antwort der Anmeldung enthält einen Parameter zweimal.</translation>
    </message>
    <message>
        <source>The answer of the login does not say which server it is from, although the server announces that it does.</source>
        <translation>Die Antwort der Anmeldung sagt nicht, von welchem Server sie ist, obwohl der Server das ankündigt.</translation>
    </message>
    <message>
        <source>The answer of the login is from another server than the one asked.</source>
        <translation>Die Antwort der Anmeldung ist von einem anderen Server als dem gefragten.</translation>
    </message>
    <message>
        <source>Do not go on: the code may be meant to be stolen.</source>
        <translation>Machen Sie nicht weiter: Vielleicht soll der Code gestohlen werden.</translation>
    </message>
    <message>
        <source>The answer of the login holds no code.</source>
        <translation>Die Antwort der Anmeldung enthält keinen Code.</translation>
    </message>
</context>
<context>
    <name>OAuthDevice</name>
    <message>
        <source>The code expired before the login was confirmed.</source>
        <translation>Der Code ist abgelaufen, bevor die Anmeldung bestätigt wurde.</translation>
    </message>
    <message>
        <source>Begin the login again.</source>
        <translation>Beginnen Sie die Anmeldung noch einmal.</translation>
    </message>
    <message>
        <source>The login was refused, by the user or by the server.</source>
        <translation>Die Anmeldung wurde abgelehnt, vom Benutzer oder vom Server.</translation>
    </message>
    <message>
        <source>Begin the login again, and confirm it.</source>
        <translation>Beginnen Sie die Anmeldung noch einmal, und bestätigen Sie sie.</translation>
    </message>
</context>
<context>
    <name>OAuthForm</name>
    <message>
        <source>A percent sign is not followed by two hexadecimal digits.</source>
        <translation>Auf ein Prozentzeichen folgen keine zwei Hexadezimalziffern.</translation>
    </message>
    <message>
        <source>character %1</source>
        <translation>Zeichen %1</translation>
    </message>
    <message>
        <source>A parameter is not UTF-8 text.</source>
        <translation>Ein Parameter ist kein UTF-8-Text.</translation>
    </message>
    <message>
        <source>The %1 has a user name in its address.</source>
        <translation>%1: Die Adresse enthält einen Benutzernamen.</translation>
    </message>
    <message>
        <source>Write the address without it.</source>
        <translation>Schreiben Sie die Adresse ohne das.</translation>
    </message>
    <message>
        <source>The %1 has a # part, which OAuth forbids.</source>
        <translation>%1: Die Adresse hat einen Teil nach #, den OAuth verbietet.</translation>
    </message>
    <message>
        <source>The %1 is not encrypted: secrets would travel in clear text.</source>
        <translation>%1: nicht verschlüsselt; Geheimnisse gingen im Klartext durch das Netz.</translation>
    </message>
    <message>
        <source>Use https, or allow http for this server in the profile.</source>
        <translation>Verwenden Sie https, oder erlauben Sie im Profil http für diesen Server.</translation>
    </message>
</context>
<context>
    <name>OAuthMetadata</name>
    <message>
        <source>An issuer has no query.</source>
        <translation>Ein Aussteller hat keine Query.</translation>
    </message>
    <message>
        <source>Write the issuer without it.</source>
        <translation>Schreiben Sie den Aussteller ohne sie.</translation>
    </message>
    <message>
        <source>issuer</source>
        <translation>Aussteller</translation>
    </message>
    <message>
        <source>It is not a text.</source>
        <translation>Das ist kein Text.</translation>
    </message>
    <message>
        <source>It points at this computer, and the issuer is elsewhere.</source>
        <translation>Sie zeigt auf diesen Rechner, der Aussteller ist aber woanders.</translation>
    </message>
    <message>
        <source>An address in the server&apos;s metadata cannot be used. %1</source>
        <translation>Eine Adresse in den Metadaten des Servers ist nicht verwendbar. %1</translation>
    </message>
    <message>
        <source>Enter the addresses by hand, or report it to those who run the server.</source>
        <translation>Geben Sie die Adressen von Hand ein, oder melden Sie es den Betreibern des Servers.</translation>
    </message>
    <message>
        <source>The server has no metadata there (%1).</source>
        <translation>Der Server hat dort keine Metadaten (%1).</translation>
    </message>
    <message>
        <source>Enter the addresses by hand.</source>
        <translation>Geben Sie die Adressen von Hand ein.</translation>
    </message>
    <message>
        <source>The redirect names no address.</source>
        <translation>Die Weiterleitung nennt keine Adresse.</translation>
    </message>
    <message>
        <source>The metadata is redirected to another server, which may not speak for this one.</source>
        <translation>Die Metadaten werden zu einem anderen Server weitergeleitet, der nicht für diesen sprechen darf.</translation>
    </message>
    <message>
        <source>If it is the right one, use its own issuer.</source>
        <translation>Wenn es der richtige ist, verwenden Sie seinen eigenen Aussteller.</translation>
    </message>
    <message>
        <source>The server&apos;s metadata names no issuer.</source>
        <translation>Die Metadaten des Servers nennen keinen Aussteller.</translation>
    </message>
    <message>
        <source>The metadata is of another issuer than the one asked for.</source>
        <translation>Die Metadaten sind von einem anderen Aussteller als dem gefragten.</translation>
    </message>
    <message>
        <source>Write the issuer exactly as the server does, or do not use this server.</source>
        <translation>Schreiben Sie den Aussteller genau wie der Server, oder verwenden Sie diesen Server nicht.</translation>
    </message>
    <message>
        <source>The server does not announce PKCE with S256. It is used all the same.</source>
        <translation>Der Server kündigt PKCE mit S256 nicht an. Es wird trotzdem verwendet.</translation>
    </message>
    <message>
        <source>The server requires pushed authorization requests and names no address for them.</source>
        <translation>Der Server verlangt vorab gesendete Autorisierungsanfragen (PAR) und nennt keine Adresse dafür.</translation>
    </message>
    <message>
        <source>resource</source>
        <translation>Ressource</translation>
    </message>
    <message>
        <source>address of the resource&apos;s metadata</source>
        <translation>Adresse der Metadaten der Ressource</translation>
    </message>
    <message>
        <source>The metadata is of another resource than the URL that was asked for.</source>
        <translation>Die Metadaten sind von einer anderen Ressource als der angefragten URL.</translation>
    </message>
    <message>
        <source>Do not use what it says.</source>
        <translation>Verwenden Sie nicht, was darin steht.</translation>
    </message>
</context>
<context>
    <name>OAuthRegistration</name>
    <message>
        <source>registration endpoint</source>
        <translation>Registrierungs-Endpunkt</translation>
    </message>
    <message>
        <source>The server registered the client and named no client id.</source>
        <translation>Der Server hat den Client registriert und keine Client-ID genannt.</translation>
    </message>
    <message>
        <source>The token for it would travel in clear text, or the address is wrong.</source>
        <translation>Das Token dafür ginge im Klartext durch das Netz, oder die Adresse ist falsch.</translation>
    </message>
    <message>
        <source>The server gave no address and token to manage this registration.</source>
        <translation>Der Server hat weder Adresse noch Token zur Verwaltung dieser Registrierung ausgegeben.</translation>
    </message>
    <message>
        <source>Change it where the client was registered.</source>
        <translation>Ändern Sie sie dort, wo der Client registriert wurde.</translation>
    </message>
    <message>
        <source>The server did not confirm that the registration is deleted.</source>
        <translation>Der Server hat nicht bestätigt, dass die Registrierung gelöscht ist.</translation>
    </message>
    <message>
        <source>The server registered the client %1, and the address to manage it at cannot be used.</source>
        <translation>Der Server hat den Client %1 registriert; die Adresse zum Verwalten ist nicht verwendbar.</translation>
    </message>
</context>
<context>
    <name>OAuthRequest</name>
    <message>
        <source>Log in again, or enter it in the profile.</source>
        <translation>Melden Sie sich neu an, oder geben Sie das Fehlende im Profil ein.</translation>
    </message>
    <message>
        <source>The client id is missing.</source>
        <translation>Die Client-ID fehlt.</translation>
    </message>
    <message>
        <source>Enter it in the profile.</source>
        <translation>Geben Sie das im Profil ein.</translation>
    </message>
    <message>
        <source>The code&apos;s verifier is missing.</source>
        <translation>Der Verifier des Codes fehlt.</translation>
    </message>
    <message>
        <source>The authorization code is missing.</source>
        <translation>Der Autorisierungscode fehlt.</translation>
    </message>
    <message>
        <source>Client credentials need a client that authenticates itself.</source>
        <translation>Client Credentials brauchen einen Client, der sich ausweist.</translation>
    </message>
    <message>
        <source>Choose a client authentication in the profile.</source>
        <translation>Wählen Sie im Profil, wie sich der Client ausweist.</translation>
    </message>
    <message>
        <source>A refresh cannot ask for more than was granted: %1.</source>
        <translation>Beim Erneuern kann nicht mehr verlangt werden, als gewährt wurde: %1.</translation>
    </message>
    <message>
        <source>Log in again to ask for more scopes.</source>
        <translation>Melden Sie sich neu an, um weitere Scopes anzufordern.</translation>
    </message>
    <message>
        <source>There is no refresh token.</source>
        <translation>Es gibt kein Refresh-Token.</translation>
    </message>
    <message>
        <source>The device code is missing.</source>
        <translation>Der Gerätecode fehlt.</translation>
    </message>
    <message>
        <source>A token to exchange has no type.</source>
        <translation>Ein Token zum Tauschen hat keinen Typ.</translation>
    </message>
    <message>
        <source>Name its type, such as %1.</source>
        <translation>Nennen Sie seinen Typ, etwa %1.</translation>
    </message>
    <message>
        <source>The actor&apos;s token is missing.</source>
        <translation>Das Token des Akteurs fehlt.</translation>
    </message>
    <message>
        <source>The token to exchange is missing.</source>
        <translation>Das Token zum Tauschen fehlt.</translation>
    </message>
    <message>
        <source>The assertion is missing.</source>
        <translation>Die Assertion fehlt.</translation>
    </message>
    <message>
        <source>The password is missing.</source>
        <translation>Das Passwort fehlt.</translation>
    </message>
    <message>
        <source>There is no token.</source>
        <translation>Es gibt kein Token.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be a scope.</source>
        <translation>„%1“ kann kein Scope sein.</translation>
    </message>
    <message>
        <source>Write scopes with spaces in between, without quotes and backslashes.</source>
        <translation>Schreiben Sie Scopes mit Leerzeichen dazwischen, ohne Anführungszeichen und Backslashes.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be a resource.</source>
        <translation>„%1“ kann keine Ressource sein.</translation>
    </message>
    <message>
        <source>Write a whole address, such as https://api.example.com, without a # part.</source>
        <translation>Schreiben Sie eine ganze Adresse, etwa https://api.example.com, ohne einen Teil nach #.</translation>
    </message>
    <message>
        <source>token endpoint</source>
        <translation>Token-Endpunkt</translation>
    </message>
    <message>
        <source>revocation endpoint</source>
        <translation>Widerrufs-Endpunkt</translation>
    </message>
    <message>
        <source>The token was issued by another server than the one to be asked about it.</source>
        <translation>Das Token wurde von einem anderen Server ausgestellt als dem, der danach gefragt werden soll.</translation>
    </message>
    <message>
        <source>Ask the token&apos;s own issuer.</source>
        <translation>Fragen Sie den Aussteller des Tokens selbst.</translation>
    </message>
    <message>
        <source>introspection endpoint</source>
        <translation>Introspection-Endpunkt</translation>
    </message>
    <message>
        <source>device authorization endpoint</source>
        <translation>Geräte-Endpunkt</translation>
    </message>
    <message>
        <source>A pushed authorization request may not point at another one.</source>
        <translation>Eine vorab gesendete Autorisierungsanfrage darf nicht auf eine andere verweisen.</translation>
    </message>
    <message>
        <source>pushed authorization endpoint</source>
        <translation>PAR-Endpunkt</translation>
    </message>
</context>
<context>
    <name>OAuthResponse</name>
    <message>
        <source>device authorization endpoint</source>
        <translation>Geräte-Endpunkt</translation>
    </message>
    <message>
        <source>The server&apos;s answer holds no code to log in with.</source>
        <translation>Die Antwort des Servers enthält keinen Code zum Anmelden.</translation>
    </message>
    <message>
        <source>The server names the address verification_url.</source>
        <translation>Der Server nennt die Adresse verification_url.</translation>
    </message>
    <message>
        <source>The server names no web address to log in at.</source>
        <translation>Der Server nennt keine Webadresse zum Anmelden.</translation>
    </message>
    <message>
        <source>The address to log in at is not encrypted.</source>
        <translation>Die Adresse zum Anmelden ist nicht verschlüsselt.</translation>
    </message>
    <message>
        <source>The address with the code in it is of another server and is not offered.</source>
        <translation>Die Adresse mit dem Code darin ist von einem anderen Server und wird nicht angeboten.</translation>
    </message>
    <message>
        <source>The server does not say how long the code lives. Ten minutes are assumed.</source>
        <translation>Der Server sagt nicht, wie lange der Code gilt. Angenommen werden zehn Minuten.</translation>
    </message>
    <message>
        <source>pushed authorization endpoint</source>
        <translation>PAR-Endpunkt</translation>
    </message>
    <message>
        <source>The server took the request and named no place for it.</source>
        <translation>Der Server hat die Anfrage angenommen und keinen Ort dafür genannt.</translation>
    </message>
    <message>
        <source>introspection endpoint</source>
        <translation>Introspection-Endpunkt</translation>
    </message>
    <message>
        <source>The server does not say whether the token is active.</source>
        <translation>Der Server sagt nicht, ob das Token aktiv ist.</translation>
    </message>
    <message>
        <source>revocation endpoint</source>
        <translation>Widerrufs-Endpunkt</translation>
    </message>
    <message>
        <source>The server did not confirm that the token is revoked.</source>
        <translation>Der Server hat nicht bestätigt, dass das Token widerrufen ist.</translation>
    </message>
    <message>
        <source>The token is still valid. Try again in %1 s.</source>
        <translation>Das Token ist noch gültig. Versuchen Sie es in %1 s noch einmal.</translation>
    </message>
    <message>
        <source>The token is still valid. Try again later.</source>
        <translation>Das Token ist noch gültig. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>token endpoint</source>
        <translation>Token-Endpunkt</translation>
    </message>
    <message>
        <source>expires_in is text, not a number. It was read all the same.</source>
        <translation>expires_in ist Text, keine Zahl. Es wurde trotzdem gelesen.</translation>
    </message>
    <message>
        <source>expires_in is no number of seconds, so that the token&apos;s end is not known.</source>
        <translation>expires_in ist keine Anzahl von Sekunden; das Ende des Tokens ist daher nicht bekannt.</translation>
    </message>
    <message>
        <source>The server does not say how long the token lives.</source>
        <translation>Der Server sagt nicht, wie lange das Token gilt.</translation>
    </message>
    <message>
        <source>scope is a list, not a text with spaces.</source>
        <translation>scope ist eine Liste, kein Text mit Leerzeichen.</translation>
    </message>
    <message>
        <source>Not granted of the scopes asked for: %1.</source>
        <translation>Von den angeforderten Scopes nicht gewährt: %1.</translation>
    </message>
    <message>
        <source>The server&apos;s answer holds no access token.</source>
        <translation>Die Antwort des Servers enthält kein Access-Token.</translation>
    </message>
    <message>
        <source>Check that the address is the token endpoint&apos;s.</source>
        <translation>Prüfen Sie, ob die Adresse die des Token-Endpunkts ist.</translation>
    </message>
    <message>
        <source>A token of the server holds characters that no token may have.</source>
        <translation>Ein Token des Servers enthält Zeichen, die kein Token haben darf.</translation>
    </message>
    <message>
        <source>Report it to those who run the server.</source>
        <translation>Melden Sie es den Betreibern des Servers.</translation>
    </message>
    <message>
        <source>The server does not say of what type the token is.</source>
        <translation>Der Server sagt nicht, von welchem Typ das Token ist.</translation>
    </message>
    <message>
        <source>Report it to those who run the server: token_type is required.</source>
        <translation>Melden Sie es den Betreibern des Servers: token_type ist Pflicht.</translation>
    </message>
    <message>
        <source>The token is of a type that cannot be used here: %1.</source>
        <translation>Das Token ist von einem Typ, der hier nicht verwendbar ist: %1.</translation>
    </message>
    <message>
        <source>Switch DPoP on in the profile.</source>
        <translation>Schalten Sie im Profil DPoP ein.</translation>
    </message>
    <message>
        <source>The server did not bind the token to the key: whoever has it can use it.</source>
        <translation>Der Server hat das Token nicht an den Schlüssel gebunden: Wer es hat, kann es verwenden.</translation>
    </message>
    <message>
        <source>The server says that this is no access token.</source>
        <translation>Der Server sagt, dass dies kein Access-Token ist.</translation>
    </message>
    <message>
        <source>The answer is JSON, but its content type says something else.</source>
        <translation>Die Antwort ist JSON, ihr Content-Type sagt aber etwas anderes.</translation>
    </message>
    <message>
        <source>The server answered the pushed request with %1; RFC 9126 §2.2 says 201 Created. It was taken all the same.</source>
        <translation>Der Server beantwortete die vorab gesendete Anfrage mit %1; RFC 9126 §2.2 sagt 201 Created. Sie wurde trotzdem angenommen.</translation>
    </message>
</context>
<context>
    <name>OpenApi</name>
    <message>
        <source>This is no OpenAPI document.</source>
        <translation>Das ist kein OpenAPI-Dokument.</translation>
    </message>
    <message>
        <source>It needs a member &quot;openapi&quot; (or &quot;swagger&quot;) with its version.</source>
        <translation>Es braucht ein Feld „openapi“ (oder „swagger“) mit der Version.</translation>
    </message>
    <message>
        <source>OpenAPI %1 is not known.</source>
        <translation>OpenAPI %1 ist nicht bekannt.</translation>
    </message>
    <message>
        <source>Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 can be read.</source>
        <translation>Swagger 2.0 und OpenAPI 3.0, 3.1 und 3.2 lassen sich lesen.</translation>
    </message>
    <message>
        <source>The reference %1 goes round in circles.</source>
        <translation>Der Verweis %1 führt im Kreis.</translation>
    </message>
    <message>
        <source>The reference %1 leads out of the document&apos;s folder. It is not followed.</source>
        <translation>Der Verweis %1 führt aus dem Ordner des Dokuments hinaus. Ihm wird nicht gefolgt.</translation>
    </message>
    <message>
        <source>The reference %1 leads to a file that cannot be read.</source>
        <translation>Der Verweis %1 führt zu einer Datei, die sich nicht lesen lässt.</translation>
    </message>
    <message>
        <source>The reference %1 is no JSON pointer.</source>
        <translation>Der Verweis %1 ist kein JSON-Zeiger.</translation>
    </message>
    <message>
        <source>The reference %1 leads nowhere.</source>
        <translation>Der Verweis %1 führt ins Leere.</translation>
    </message>
    <message>
        <source>The scheme %1 puts its key into the URL, where logs and histories keep it.</source>
        <translation>Das Schema %1 schreibt seinen Schlüssel in die URL, wo Protokolle und Verläufe ihn behalten.</translation>
    </message>
    <message>
        <source>The scheme %1 offers the %2 flow, which OAuth 2.1 has dropped.</source>
        <translation>Das Schema %1 bietet den Ablauf %2 an, den OAuth 2.1 gestrichen hat.</translation>
    </message>
    <message>
        <source>The scheme %1 is marked as deprecated.</source>
        <translation>Das Schema %1 ist als veraltet gekennzeichnet.</translation>
    </message>
    <message>
        <source>The security scheme %1 is not declared. Nobody can satisfy it.</source>
        <translation>Das Sicherheitsschema %1 ist nicht deklariert. Niemand kann es erfüllen.</translation>
    </message>
    <message>
        <source>In OpenAPI 3.0 the list behind %1 must be empty; its words are read as roles.</source>
        <translation>In OpenAPI 3.0 muss die Liste hinter %1 leer sein; ihre Wörter werden als Rollen gelesen.</translation>
    </message>
    <message>
        <source>The scope %1 is asked for, but no flow of %2 declares it.</source>
        <translation>Der Scope %1 wird verlangt, aber kein Ablauf von %2 deklariert ihn.</translation>
    </message>
    <message>
        <source>The server %1 is without encryption (http).</source>
        <translation>Der Server %1 ist unverschlüsselt (http).</translation>
    </message>
    <message>
        <source>%1 is protected but documents no 401.</source>
        <translation>%1 ist geschützt, dokumentiert aber kein 401.</translation>
    </message>
    <message>
        <source>The security scheme %1 is of a type that is not known: %2.</source>
        <translation>Das Sicherheitsschema %1 hat einen unbekannten Typ: %2.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>&quot;security&quot; must be a list. It is read as if it were not there.</source>
        <translation>„security“ muss eine Liste sein. Es wird gelesen, als fehlte es.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no method; the operation of %2 is left out.</source>
        <translation>„%1“ ist keine Methode; die Operation von %2 ist weggelassen.</translation>
    </message>
    <message>
        <source>Only the first %1 operations are read.</source>
        <translation>Nur die ersten %1 Operationen werden gelesen.</translation>
    </message>
    <message>
        <source>%1 %2: a body of the type %3 is not made from its schema and is left empty.</source>
        <translation>%1 %2: Ein Körper vom Typ %3 wird nicht aus seinem Schema erzeugt und bleibt leer.</translation>
    </message>
    <message>
        <source>The document says nothing of security: who may what is not known.</source>
        <translation>Das Dokument sagt nichts zur Sicherheit: Wer was darf, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>%1 asks for a permission but documents no 403.</source>
        <translation>%1 verlangt eine Berechtigung, dokumentiert aber kein 403.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; in x-required-claims is no expectation; 403 is expected.</source>
        <translation>„%1“ in x-required-claims ist keine Erwartung; erwartet wird 403.</translation>
    </message>
</context>
<context>
    <name>OpenCollection</name>
    <message>
        <source>&quot;body&quot; must hold a type and data.</source>
        <translation>„body“ muss type und data enthalten.</translation>
    </message>
    <message>
        <source>Correct the file in a text editor, then reload.</source>
        <translation>Berichtigen Sie die Datei in einem Texteditor, und laden Sie dann neu.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be text. A text that begins with {{ needs quotes.</source>
        <translation>„%1“ muss Text sein. Ein Text, der mit {{ beginnt, braucht Anführungszeichen.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be a list of texts.</source>
        <translation>„%1“ muss eine Liste von Texten sein.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must hold names and values.</source>
        <translation>„%1“ muss Namen und Werte enthalten.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be a list.</source>
        <translation>„%1“ muss eine Liste sein.</translation>
    </message>
    <message>
        <source>An element of the list must hold names and values.</source>
        <translation>Ein Element der Liste muss Namen und Werte enthalten.</translation>
    </message>
    <message>
        <source>&quot;expires&quot; must be a time such as 2030-01-31T12:00:00Z.</source>
        <translation>„expires“ muss ein Zeitpunkt wie 2030-01-31T12:00:00Z sein.</translation>
    </message>
    <message>
        <source>The profile kind &quot;%1&quot; is not known.</source>
        <translation>Die Profilart „%1“ ist nicht bekannt.</translation>
    </message>
    <message>
        <source>Two profiles have the id &quot;%1&quot;.</source>
        <translation>Zwei Profile haben die ID „%1“.</translation>
    </message>
    <message>
        <source>The file must hold names and values.</source>
        <translation>Die Datei muss Namen und Werte enthalten.</translation>
    </message>
    <message>
        <source>Requests of the kind &quot;%1&quot; cannot be used yet.</source>
        <translation>Anfragen der Art „%1“ sind noch nicht verwendbar.</translation>
    </message>
    <message>
        <source>The file is left as it is.</source>
        <translation>Die Datei bleibt, wie sie ist.</translation>
    </message>
    <message>
        <source>The file holds YAML that would be lost (a tag, or a key that is no text).</source>
        <translation>Die Datei enthält YAML, das verloren ginge (ein Tag oder einen Schlüssel, der kein Text ist).</translation>
    </message>
    <message>
        <source>Change it in a text editor.</source>
        <translation>Ändern Sie sie in einem Texteditor.</translation>
    </message>
    <message>
        <source>There is no workspace here: %1 is missing.</source>
        <translation>Hier ist kein Arbeitsbereich: %1 fehlt.</translation>
    </message>
    <message>
        <source>Choose another folder, or make a workspace in this one.</source>
        <translation>Wählen Sie einen anderen Ordner, oder legen Sie in diesem einen Arbeitsbereich an.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be &quot;%2&quot;. It is one of: %3.</source>
        <translation>„%1“ kann nicht „%2“ sein. Möglich sind: %3.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no expectation. There are allow, deny-authn, deny-authz, deny, conceal and unknown.</source>
        <translation>„%1“ ist keine Erwartung. Es gibt allow, deny-authn, deny-authz, deny, conceal und unknown.</translation>
    </message>
    <message>
        <source>A waiver needs a reason.</source>
        <translation>Eine Ausnahme braucht einen Grund.</translation>
    </message>
    <message>
        <source>A schema gives no value to keep.</source>
        <translation>Ein Schema ergibt keinen Wert, der behalten werden kann.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no strategy. There are absent-object, invalid-body, impossible-precondition, fixture, live and not-sent.</source>
        <translation>„%1“ ist kein Vorgehen. Es gibt absent-object, invalid-body, impossible-precondition, fixture, live und not-sent.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no defect of a credential.</source>
        <translation>„%1“ ist kein Fehler von Zugangsdaten.</translation>
    </message>
    <message>
        <source>A waiver needs a cell or a finding, one of them.</source>
        <translation>Eine Ausnahme braucht eine Zelle oder einen Befund, eines von beiden.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no date. A waiver&apos;s end is written as 2030-01-31.</source>
        <translation>„%1“ ist kein Datum. Das Ende einer Ausnahme schreibt man als 2030-01-31.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no part of an outcome.</source>
        <translation>„%1“ ist kein Teil eines Ergebnisses in „outcomes“.</translation>
    </message>
    <message>
        <source>The header of an outcome needs a name.</source>
        <translation>Der Header eines Ergebnisses in „outcomes“ braucht einen Namen.</translation>
    </message>
    <message>
        <source>An outcome asks one thing of a value: exists, equals or contains.</source>
        <translation>Ein Ergebnis in „outcomes“ fragt einen Wert nach einem: exists, equals oder contains.</translation>
    </message>
    <message>
        <source>&quot;exists&quot; is true or false.</source>
        <translation>„exists“ ist true oder false.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; needs a value to compare with.</source>
        <translation>„%1“ braucht einen Wert zum Vergleichen.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no status. Write it as 200 or 4XX.</source>
        <translation>„%1“ ist kein Status. Schreiben Sie ihn als 200 oder 4XX.</translation>
    </message>
    <message>
        <source>An outcome asks something of the answer: status, body or header.</source>
        <translation>Ein Ergebnis in „outcomes“ fragt etwas von der Antwort: status, body oder header.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is nothing that an answer can mean. There are %2.</source>
        <translation>„%1“ ist nichts, was eine Antwort bedeuten kann. Es gibt %2.</translation>
    </message>
    <message>
        <source>A limit is a whole number above 0.</source>
        <translation>Eine Grenze ist eine ganze Zahl über 0.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no limit. There are requests and seconds.</source>
        <translation>„%1“ ist keine Grenze. Es gibt requests und seconds.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no part of a rule on fields.</source>
        <translation>„%1“ ist kein Teil einer Regel für Felder.</translation>
    </message>
    <message>
        <source>A rule on fields names the fields.</source>
        <translation>Eine Regel für Felder nennt die Felder.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is neither a member&apos;s name nor a JSON pointer.</source>
        <translation>„%1“ ist weder der Name eines Felds noch ein JSON-Pointer.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no part of an expected answer.</source>
        <translation>„%1“ ist kein Teil einer erwarteten Antwort.</translation>
    </message>
</context>
<context>
    <name>OriginText</name>
    <message>
        <source>character %1</source>
        <translation>Zeichen %1</translation>
    </message>
    <message>
        <source>Write scheme, host and port only, like https://api.example.com.</source>
        <translation>Schreiben Sie nur Schema, Host und Port, etwa https://api.example.com.</translation>
    </message>
    <message>
        <source>An origin has no user name.</source>
        <translation>Ein Origin hat keinen Benutzernamen.</translation>
    </message>
    <message>
        <source>An origin has no path.</source>
        <translation>Ein Origin hat keinen Pfad.</translation>
    </message>
    <message>
        <source>An origin has no query.</source>
        <translation>Ein Origin hat keine Query.</translation>
    </message>
    <message>
        <source>An origin has no fragment.</source>
        <translation>Ein Origin hat kein Fragment.</translation>
    </message>
</context>
<context>
    <name>PracticeServer</name>
    <message>
        <source>Accepts tokens after their expiry.</source>
        <translation>Akzeptiert Tokens nach ihrem Ablauf.</translation>
    </message>
    <message>
        <source>Accepts unsigned tokens whose alg is none.</source>
        <translation>Akzeptiert unsignierte Tokens, deren alg none ist.</translation>
    </message>
    <message>
        <source>Accepts HS256 tokens keyed with its own public key in PEM form.</source>
        <translation>Akzeptiert HS256-Tokens, deren Schlüssel der eigene öffentliche Schlüssel in PEM-Form ist.</translation>
    </message>
    <message>
        <source>Verifies a token with the key the token itself brings.</source>
        <translation>Prüft ein Token mit dem Schlüssel, den das Token selbst mitbringt.</translation>
    </message>
    <message>
        <source>Accepts tokens that were issued for another API.</source>
        <translation>Akzeptiert Tokens, die für eine andere API ausgestellt wurden.</translation>
    </message>
    <message>
        <source>Does not look at scopes.</source>
        <translation>Beachtet Scopes nicht.</translation>
    </message>
    <message>
        <source>Hands out other people&apos;s users and invoices.</source>
        <translation>Gibt Benutzer und Rechnungen anderer heraus.</translation>
    </message>
    <message>
        <source>Answers 404 for absent users where other people&apos;s users get 403.</source>
        <translation>Antwortet bei fehlenden Benutzern mit 404, bei fremden Benutzern mit 403.</translation>
    </message>
    <message>
        <source>Answers 500 where it should answer 401 or 403.</source>
        <translation>Antwortet mit 500, wo 401 oder 403 richtig wäre.</translation>
    </message>
    <message>
        <source>Answers 200 with an error in the body where it should answer 401 or 403.</source>
        <translation>Antwortet mit 200 und einem Fehler im Body, wo 401 oder 403 richtig wäre.</translation>
    </message>
    <message>
        <source>Answers every request with 429 and Retry-After in seconds.</source>
        <translation>Beantwortet jede Anfrage mit 429 und Retry-After in Sekunden.</translation>
    </message>
    <message>
        <source>Answers every request with 429 and Retry-After as a date.</source>
        <translation>Beantwortet jede Anfrage mit 429 und Retry-After als Datum.</translation>
    </message>
    <message>
        <source>Redirects every request to another origin.</source>
        <translation>Leitet jede Anfrage zu einem anderen Origin weiter.</translation>
    </message>
    <message>
        <source>Repeats the credential it was sent in its answers.</source>
        <translation>Wiederholt in seinen Antworten die gesendeten Zugangsdaten.</translation>
    </message>
    <message>
        <source>Port %1 is in use already.</source>
        <translation>Port %1 ist schon belegt.</translation>
    </message>
    <message>
        <source>The practice API cannot listen: %1.</source>
        <translation>Die Übungs-API kann nicht lauschen: %1.</translation>
    </message>
    <message>
        <source>Choose another port, or 0 for any free one.</source>
        <translation>Wählen Sie einen anderen Port, oder 0 für irgendeinen freien.</translation>
    </message>
    <message>
        <source>No signing key could be made.</source>
        <translation>Es konnte kein Signaturschlüssel erzeugt werden.</translation>
    </message>
    <message>
        <source>Check that OpenSSL works on this machine.</source>
        <translation>Prüfen Sie, ob OpenSSL auf diesem Rechner funktioniert.</translation>
    </message>
    <message>
        <source>A practice token could not be signed.</source>
        <translation>Ein Übungs-Token konnte nicht signiert werden.</translation>
    </message>
    <message>
        <source>There is no defect named &quot;%1&quot;.</source>
        <translation>Es gibt keinen Defekt namens „%1“.</translation>
    </message>
    <message>
        <source>List the defects to see their names.</source>
        <translation>Lassen Sie die Defekte auflisten, um ihre Namen zu sehen.</translation>
    </message>
    <message>
        <source>A lifetime must be at least one second.</source>
        <translation>Eine Lebensdauer muss mindestens eine Sekunde betragen.</translation>
    </message>
    <message>
        <source>A limit cannot be below zero.</source>
        <translation>Ein Limit darf nicht unter null liegen.</translation>
    </message>
    <message>
        <source>Does not look at signatures of tokens.</source>
        <translation>Sieht die Signaturen von Tokens nicht an.</translation>
    </message>
    <message>
        <source>Takes the beginning of an API key for all of it.</source>
        <translation>Nimmt den Anfang eines API-Schlüssels für den ganzen.</translation>
    </message>
    <message>
        <source>Takes capital and small letters of an API key for the same.</source>
        <translation>Unterscheidet bei API-Schlüsseln Groß- und Kleinbuchstaben nicht.</translation>
    </message>
    <message>
        <source>Removes a webhook first and asks for the permission then.</source>
        <translation>Entfernt einen Webhook zuerst und fragt dann nach der Berechtigung.</translation>
    </message>
</context>
<context>
    <name>PracticeWorkspace</name>
    <message>
        <source>Get user</source>
        <translation>Benutzer abrufen</translation>
    </message>
    <message>
        <source>List users</source>
        <translation>Benutzer auflisten</translation>
    </message>
    <message>
        <source>User&apos;s invoices</source>
        <translation>Rechnungen des Benutzers</translation>
    </message>
    <message>
        <source>Create user</source>
        <translation>Benutzer anlegen</translation>
    </message>
    <message>
        <source>Delete user</source>
        <translation>Benutzer löschen</translation>
    </message>
    <message>
        <source>Stats</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>Change role</source>
        <translation>Rolle ändern</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>Tarife</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Practice API</source>
        <translation>Übungs-API</translation>
    </message>
</context>
<context>
    <name>ProfileLook</name>
    <message>
        <source>locked</source>
        <translation>gesperrt</translation>
    </message>
    <message>
        <source>no keychain</source>
        <translation>kein Schlüsselbund</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>verweigert</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>keine Antwort</translation>
    </message>
    <message>
        <source>no secret</source>
        <translation>kein Geheimnis</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>geändert</translation>
    </message>
    <message>
        <source>not readable</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>noch nicht gelesen</translation>
    </message>
    <message>
        <source>waiting…</source>
        <translation>wartet …</translation>
    </message>
    <message>
        <source>waiting for the keychain</source>
        <translation>wartet auf den Schlüsselbund</translation>
    </message>
    <message>
        <source>no expiry</source>
        <translation>kein Ablauf</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>no token yet</source>
        <translation>noch kein Token</translation>
    </message>
</context>
<context>
    <name>ProfileTimeline</name>
    <message>
        <source>Obtained</source>
        <translation>Erhalten</translation>
    </message>
    <message>
        <source>Refreshed</source>
        <translation>Erneuert</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>Benutzt</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>Widerrufen</translation>
    </message>
    <message>
        <source>Rotated</source>
        <translation>Ausgetauscht</translation>
    </message>
    <message>
        <source>Asked about</source>
        <translation>Nachgefragt</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>%1 %2: %3</source>
        <translation>%1 %2: %3</translation>
    </message>
    <message>
        <source>%1: %2 answers, %3 of them 401 or 403</source>
        <translation>%1: %2 Antworten, davon %3 mit 401 oder 403</translation>
    </message>
    <message>
        <source>The timeline cannot be deleted: %1</source>
        <translation>Der Verlauf kann nicht gelöscht werden: %1</translation>
    </message>
    <message>
        <source>Check that the file can be written.</source>
        <translation>Prüfen Sie, ob die Datei geschrieben werden kann.</translation>
    </message>
</context>
<context>
    <name>Proxy</name>
    <message>
        <source>The proxy has no address.</source>
        <translation>Der Proxy hat keine Adresse.</translation>
    </message>
    <message>
        <source>proxy setting</source>
        <translation>Proxy-Einstellung</translation>
    </message>
    <message>
        <source>Enter one such as http://proxy.example:3128 or socks5://127.0.0.1:1080.</source>
        <translation>Geben Sie eine ein, etwa http://proxy.example:3128 oder socks5://127.0.0.1:1080.</translation>
    </message>
    <message>
        <source>A proxy of the kind &quot;%1&quot; cannot be used.</source>
        <translation>Ein Proxy der Art „%1“ ist nicht verwendbar.</translation>
    </message>
    <message>
        <source>Use http, https, socks5 or socks5h.</source>
        <translation>Verwenden Sie http, https, socks5 oder socks5h.</translation>
    </message>
    <message>
        <source>The proxy&apos;s address names no host.</source>
        <translation>Die Adresse des Proxys nennt keinen Host.</translation>
    </message>
</context>
<context>
    <name>RedirectText</name>
    <message>
        <source>Status %1 does not ask for the next request.</source>
        <translation>Status %1 verlangt keine weitere Anfrage.</translation>
    </message>
    <message>
        <source>The answer is not a redirect.</source>
        <translation>Die Antwort ist keine Weiterleitung.</translation>
    </message>
    <message>
        <source>The answer is a redirect but has no Location.</source>
        <translation>Die Antwort ist eine Weiterleitung, hat aber keine Location.</translation>
    </message>
    <message>
        <source>The answer names %1 different Locations.</source>
        <translation>Die Antwort nennt %1 verschiedene Locations.</translation>
    </message>
    <message>
        <source>The Location cannot be followed: %1</source>
        <translation>Der Location kann nicht gefolgt werden: %1</translation>
    </message>
</context>
<context>
    <name>Registrar</name>
    <message>
        <source>The server wants the client to prove itself by %1, which needs more than was registered.</source>
        <translation>Der Server verlangt, dass sich der Client durch %1 ausweist; dafür reicht nicht, was registriert wurde.</translation>
    </message>
    <message>
        <source>The server does not say where clients register.</source>
        <translation>Der Server sagt nicht, wo sich Clients registrieren.</translation>
    </message>
    <message>
        <source>Register the client where the server&apos;s people say, and enter its id.</source>
        <translation>Registrieren Sie den Client dort, wo es die Betreiber vorsehen, und geben Sie seine ID ein.</translation>
    </message>
    <message>
        <source>The server set %1 otherwise than was asked.</source>
        <translation>Der Server hat %1 anders gesetzt als gewünscht.</translation>
    </message>
    <message>
        <source>The client was not registered from here.</source>
        <translation>Der Client wurde nicht von hier aus registriert.</translation>
    </message>
    <message>
        <source>Remove it where it was registered.</source>
        <translation>Entfernen Sie ihn dort, wo er registriert wurde.</translation>
    </message>
    <message>
        <source>The address to manage the registration at is on this computer, and is not used.</source>
        <translation>Die Adresse zum Verwalten der Registrierung liegt auf diesem Computer und wird nicht verwendet.</translation>
    </message>
</context>
<context>
    <name>RegistrationManager</name>
    <message>
        <source>The client was not registered from here.</source>
        <translation>Der Client wurde nicht von hier aus registriert.</translation>
    </message>
    <message>
        <source>Look at it where it was registered.</source>
        <translation>Sehen Sie dort nach, wo er registriert wurde.</translation>
    </message>
    <message>
        <source>The server answered about another client.</source>
        <translation>Der Server antwortete über einen anderen Client.</translation>
    </message>
    <message>
        <source>Nothing of it was kept. Look at it where it was registered.</source>
        <translation>Nichts davon wurde behalten. Sehen Sie dort nach, wo er registriert wurde.</translation>
    </message>
    <message>
        <source>The server names another server to manage the registration at. It is not used.</source>
        <translation>Der Server nennt einen anderen Server, um die Registrierung zu verwalten. Er wird nicht verwendet.</translation>
    </message>
    <message>
        <source>The server set %1 otherwise than was asked.</source>
        <translation>Der Server hat %1 anders gesetzt als verlangt.</translation>
    </message>
</context>
<context>
    <name>RelativeTime</name>
    <message>
        <source>%1 d</source>
        <translation>%1 T</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>in %1</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>vor %1</translation>
    </message>
    <message>
        <source>%1 y</source>
        <translation>%1 a</translation>
    </message>
</context>
<context>
    <name>RequestHints</name>
    <message>
        <source>The method is missing.</source>
        <translation>Die Methode fehlt.</translation>
    </message>
    <message>
        <source>“%1” cannot stand in a method: it is one word of letters, digits and !#$%&amp;&apos;*+-.^_`|~.</source>
        <translation>„%1“ darf nicht in einer Methode stehen: Sie ist ein Wort aus Buchstaben, Ziffern und !#$%&amp;&apos;*+-.^_`|~.</translation>
    </message>
    <message>
        <source>Methods are case-sensitive: “%1” is not %2.</source>
        <translation>Bei Methoden zählt die Großschreibung: „%1“ ist nicht %2.</translation>
    </message>
    <message>
        <source>The URL does not parse at character %1: %2</source>
        <translation>Die URL ist ab Zeichen %1 nicht lesbar: %2</translation>
    </message>
    <message>
        <source>The URL does not parse in the value of {{%1}}: %2</source>
        <translation>Die URL ist im Wert von {{%1}} nicht lesbar: %2</translation>
    </message>
    <message>
        <source>The URL holds a user name or password. It will not be sent from there: make a Basic profile of it.</source>
        <translation>Die URL enthält einen Benutzernamen oder ein Passwort. Von dort wird beides nicht gesendet: Machen Sie ein Basic-Profil daraus.</translation>
    </message>
    <message>
        <source>No value for the path parameter %1.</source>
        <translation>Kein Wert für den Pfadparameter %1.</translation>
    </message>
    <message>
        <source>This URL carries a token (%1). URLs end up in logs.</source>
        <translation>Diese URL enthält ein Token (%1). URLs landen in Logs.</translation>
    </message>
    <message>
        <source>Not defined, since no environment is chosen: %1.</source>
        <translation>Nicht definiert, da keine Umgebung gewählt ist: %1.</translation>
    </message>
    <message>
        <source>Not defined in the environment %1: %2.</source>
        <translation>In der Umgebung %1 nicht definiert: %2.</translation>
    </message>
    <message>
        <source>Header row %1: %2</source>
        <translation>Headerzeile %1: %2</translation>
    </message>
    <message>
        <source>Move to a profile</source>
        <translation>In ein Profil verschieben</translation>
    </message>
    <message>
        <source>Your header row %1 is in the way of the profile %2: remove one of them.</source>
        <translation>Ihre Headerzeile %1 steht dem Profil %2 im Weg: Entfernen Sie eines von beiden.</translation>
    </message>
    <message>
        <source>The header %1 holds a token, which the saved request would hold too.</source>
        <translation>Der Header %1 enthält ein Token, das auch in der gespeicherten Anfrage stünde.</translation>
    </message>
    <message>
        <source>The profile this request names is not in this workspace. Choose another.</source>
        <translation>Das Profil, das diese Anfrage nennt, ist nicht in diesem Arbeitsbereich. Wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>%1’s token may not go to %2, which is not encrypted.</source>
        <translation>Das Token von %1 darf nicht an %2 gesendet werden, da dieser Origin unverschlüsselt ist.</translation>
    </message>
    <message>
        <source>%1’s token may not go to %2.</source>
        <translation>Das Token von %1 darf nicht an %2 gesendet werden.</translation>
    </message>
    <message>
        <source>Allow</source>
        <translation>Erlauben</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>Bestätigen</translation>
    </message>
    <message>
        <source>Plain http: anyone on the way to %1 can read %2’s token.</source>
        <translation>Unverschlüsseltes HTTP: Jeder auf dem Weg zu %1 kann das Token von %2 lesen.</translation>
    </message>
    <message>
        <source>A key in the URL ends up in logs, histories and the Referer field. Prefer a header if the service takes one.</source>
        <translation>Ein Schlüssel in der URL landet in Logs, Verläufen und im Feld Referer. Ein Header ist besser, wenn der Dienst einen annimmt.</translation>
    </message>
    <message>
        <source>A key in a cookie is sent by browsers without being asked, so other sites may use it (CSRF). Prefer a header if the service takes one.</source>
        <translation>Einen Schlüssel in einem Cookie senden Browser ungefragt mit, sodass andere Websites ihn nutzen können (CSRF). Ein Header ist besser, wenn der Dienst einen annimmt.</translation>
    </message>
    <message>
        <source>This is a token, not a URL. It belongs in a profile.</source>
        <translation>Das ist ein Token, keine URL. Es gehört in ein Profil.</translation>
    </message>
    <message>
        <source>In the TLS handshake: the client certificate</source>
        <translation>Im TLS-Handshake: das Client-Zertifikat</translation>
    </message>
</context>
<context>
    <name>RunText</name>
    <message>
        <source>The request was cancelled.</source>
        <translation>Die Anfrage wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Cancelled; nothing was sent.</source>
        <translation>Abgebrochen; es wurde nichts gesendet.</translation>
    </message>
    <message>
        <source>The profile %1 has no secret.</source>
        <translation>Das Profil %1 hat kein Geheimnis.</translation>
    </message>
    <message>
        <source>The profile %1 has no secret for the environment %2.</source>
        <translation>Das Profil %1 hat kein Geheimnis für die Umgebung %2.</translation>
    </message>
    <message>
        <source>Add one to the profile, or send as another profile.</source>
        <translation>Fügen Sie dem Profil eines hinzu, oder senden Sie mit einem anderen Profil.</translation>
    </message>
    <message>
        <source>The secret of the profile %1 is empty.</source>
        <translation>Das Geheimnis des Profils %1 ist leer.</translation>
    </message>
    <message>
        <source>Replace it in the profile.</source>
        <translation>Ersetzen Sie es im Profil.</translation>
    </message>
    <message>
        <source>The token would go to %1 without encryption.</source>
        <translation>Das Token würde unverschlüsselt an %1 gesendet.</translation>
    </message>
    <message>
        <source>Use https, or allow plain http for this run.</source>
        <translation>Verwenden Sie https, oder erlauben Sie unverschlüsseltes HTTP für diesen Lauf.</translation>
    </message>
    <message>
        <source>The time was up before the last redirect was followed.</source>
        <translation>Die Zeit war um, bevor der letzten Weiterleitung gefolgt wurde.</translation>
    </message>
    <message>
        <source>Allow more time in the request&apos;s settings.</source>
        <translation>Erlauben Sie in den Einstellungen der Anfrage mehr Zeit.</translation>
    </message>
    <message>
        <source>The redirect would take the secret to %1, so it was not followed.</source>
        <translation>Die Weiterleitung hätte das Geheimnis an %1 gesendet; ihr wurde daher nicht gefolgt.</translation>
    </message>
    <message>
        <source>The server redirected more than %1 times.</source>
        <translation>Der Server hat mehr als %1-mal weitergeleitet.</translation>
    </message>
    <message>
        <source>Look at the timeline for a circle, or allow more redirects for this request.</source>
        <translation>Suchen Sie im Zeitverlauf nach einer Schleife, oder erlauben Sie dieser Anfrage mehr Weiterleitungen.</translation>
    </message>
    <message>
        <source>The credential in the query did not travel along.</source>
        <translation>Die Zugangsdaten in der Query gingen nicht mit.</translation>
    </message>
    <message>
        <source>The login did not travel along.</source>
        <translation>Die Anmeldung ging nicht mit.</translation>
    </message>
    <message>
        <source>The profile has no client certificate.</source>
        <translation>Das Profil hat kein Client-Zertifikat.</translation>
    </message>
    <message>
        <source>Choose its file in the profile.</source>
        <translation>Wählen Sie dessen Datei im Profil.</translation>
    </message>
    <message>
        <source>The client certificate did not travel along.</source>
        <translation>Das Client-Zertifikat ging nicht mit.</translation>
    </message>
    <message>
        <source>A credential of the kind %1 cannot be forged.</source>
        <translation>Zugangsdaten der Art %1 lassen sich nicht fälschen.</translation>
    </message>
    <message>
        <source>Allow this origin for the variable in the environment, or with env set-secret --allow.</source>
        <translation>Erlauben Sie diesen Ursprung für die Variable in der Umgebung oder mit env set-secret --allow.</translation>
    </message>
    <message>
        <source>The secret variable %1 may not go to %2.</source>
        <translation>Die geheime Variable %1 darf nicht an %2 gehen.</translation>
    </message>
    <message>
        <source>The environment&apos;s file lets the secret variable %1 go to other places than you confirmed.</source>
        <translation>Die Datei der Umgebung lässt die geheime Variable %1 an andere Orte, als Sie bestätigt haben.</translation>
    </message>
    <message>
        <source>Set the value anew with the places it may go to, or set the file back.</source>
        <translation>Setzen Sie den Wert neu, mit den Orten, an die er gehen darf, oder stellen Sie die Datei zurück.</translation>
    </message>
    <message>
        <source>The secret variable %1 has no value here.</source>
        <translation>Die geheime Variable %1 hat hier keinen Wert.</translation>
    </message>
    <message>
        <source>Set it in the environment, or with env set-secret.</source>
        <translation>Setzen Sie ihn in der Umgebung oder mit env set-secret.</translation>
    </message>
    <message>
        <source>The value of %1 is too short for a secret: it could not be masked.</source>
        <translation>Der Wert von %1 ist zu kurz für ein Geheimnis: Er ließe sich nicht verdecken.</translation>
    </message>
    <message>
        <source>A secret has 4 characters or more.</source>
        <translation>Ein Geheimnis hat mindestens 4 Zeichen.</translation>
    </message>
    <message>
        <source>The value of %1 holds “{{”, which would be read as a variable.</source>
        <translation>Der Wert von %1 enthält „{{“, was als Variable gelesen würde.</translation>
    </message>
    <message>
        <source>Use a secret without it.</source>
        <translation>Nehmen Sie ein Geheimnis ohne diese Zeichen.</translation>
    </message>
    <message>
        <source>A secret variable cannot be part of the host or the method: both are shown everywhere.</source>
        <translation>Eine geheime Variable kann nicht Teil des Hosts oder der Methode sein: Beide werden überall gezeigt.</translation>
    </message>
    <message>
        <source>Use a variable that is no secret there.</source>
        <translation>Nehmen Sie dort eine Variable, die nicht geheim ist.</translation>
    </message>
    <message>
        <source>The profile %1 has no key for %2.</source>
        <translation>Das Profil %1 hat keinen Schlüssel für %2.</translation>
    </message>
    <message>
        <source>The key in the query did not travel along.</source>
        <translation>Der Schlüssel in der Query ging nicht mit.</translation>
    </message>
    <message>
        <source>Type it in the profile or with profile add-key, or remove it there.</source>
        <translation>Geben Sie ihn im Profil oder mit profile add-key ein, oder entfernen Sie ihn dort.</translation>
    </message>
</context>
<context>
    <name>Runner</name>
    <message>
        <source>The profile it is sent as is not there.</source>
        <translation>Das Profil, als das gesendet wird, ist nicht da.</translation>
    </message>
    <message>
        <source>No answer came.</source>
        <translation>Es kam keine Antwort.</translation>
    </message>
    <message>
        <source>The run was stopped.</source>
        <translation>Der Lauf wurde angehalten.</translation>
    </message>
    <message>
        <source>A request before it did not pass.</source>
        <translation>Eine Anfrage davor hat nicht bestanden.</translation>
    </message>
    <message>
        <source>The file has more than %1 rows.</source>
        <translation>Die Datei hat mehr als %1 Zeilen.</translation>
    </message>
    <message>
        <source>A quote is opened and not closed.</source>
        <translation>Ein Anführungszeichen wird geöffnet und nicht geschlossen.</translation>
    </message>
    <message>
        <source>The file has no rows.</source>
        <translation>Die Datei hat keine Zeilen.</translation>
    </message>
    <message>
        <source>Its first line names the variables.</source>
        <translation>Ihre erste Zeile nennt die Variablen.</translation>
    </message>
    <message>
        <source>The first line must name each variable once.</source>
        <translation>Die erste Zeile muss jede Variable einmal nennen.</translation>
    </message>
    <message>
        <source>This row has %1 fields, the first line has %2.</source>
        <translation>Diese Zeile hat %1 Felder, die erste hat %2.</translation>
    </message>
    <message>
        <source>Element %1 is no object.</source>
        <translation>Element %1 ist kein Objekt.</translation>
    </message>
    <message>
        <source>Write a list of objects: each gives the variables of one iteration.</source>
        <translation>Schreiben Sie eine Liste von Objekten: Jedes gibt die Variablen eines Durchlaufs.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>beantwortet</translation>
    </message>
    <message>
        <source>anonymous</source>
        <translation>anonym</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>bestanden</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>durchgefallen</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>übersprungen</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>As</source>
        <translation>Als</translation>
    </message>
    <message>
        <source>Iteration</source>
        <translation>Durchlauf</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Prüfungen</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>The workspace has no request or folder %1.</source>
        <translation>Der Arbeitsbereich hat keine Anfrage und keinen Ordner %1.</translation>
    </message>
    <message>
        <source>Write its path as it is in the workspace&apos;s folder.</source>
        <translation>Schreiben Sie den Pfad, wie er im Ordner des Arbeitsbereichs ist.</translation>
    </message>
    <message>
        <source>There is no request to send.</source>
        <translation>Es gibt keine Anfrage zu senden.</translation>
    </message>
    <message>
        <source>%1 (iteration %2)</source>
        <translation>%1 (Durchlauf %2)</translation>
    </message>
    <message>
        <source>The answer is not whole. %1</source>
        <translation>Die Antwort ist nicht vollständig. %1</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) have scripts, which are kept and not run: %1</source>
        <translation>
            <numerusform>%n Anfrage hat Skripte, die behalten und nicht ausgeführt werden: %1</numerusform>
            <numerusform>%n Anfragen haben Skripte, die behalten und nicht ausgeführt werden: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SaveFile</name>
    <message>
        <source>The file could not be saved: %1</source>
        <translation>Die Datei konnte nicht gespeichert werden: %1</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>Wählen Sie einen anderen Ort.</translation>
    </message>
</context>
<context>
    <name>Scan</name>
    <message>
        <source>the secret of %1</source>
        <translation>das Geheimnis von %1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
</context>
<context>
    <name>SchemeForm</name>
    <message>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>Scheme word</source>
        <translation>Schemawort</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Access key id</source>
        <translation>Access-Key-ID</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Region</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Dienst</translation>
    </message>
    <message>
        <source>Sign in the URL (presigned)</source>
        <translation>In der URL signieren (presigned)</translation>
    </message>
    <message>
        <source>Good for</source>
        <translation>Gültig für</translation>
    </message>
    <message>
        <source>Leave the body out of the signature</source>
        <translation>Body aus der Signatur weglassen</translation>
    </message>
    <message>
        <source>Key id</source>
        <translation>Schlüssel-ID</translation>
    </message>
    <message>
        <source>Algorithm</source>
        <translation>Algorithmus</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Covered components</source>
        <translation>Abgedeckte Komponenten</translation>
    </message>
    <message>
        <source>Add a nonce</source>
        <translation>Nonce hinzufügen</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>Kennzeichen (tag)</translation>
    </message>
    <message>
        <source>typ</source>
        <translation>typ</translation>
    </message>
    <message>
        <source>Claims (JSON)</source>
        <translation>Claims (JSON)</translation>
    </message>
    <message>
        <source>Lives for</source>
        <translation>Lebensdauer</translation>
    </message>
    <message>
        <source>Grant</source>
        <translation>Grant</translation>
    </message>
    <message>
        <source>Client proves itself</source>
        <translation>Client weist sich aus</translation>
    </message>
    <message>
        <source>Issuer</source>
        <translation>Aussteller (Issuer)</translation>
    </message>
    <message>
        <source>Authorization endpoint</source>
        <translation>Autorisierungs-Endpunkt</translation>
    </message>
    <message>
        <source>Token endpoint</source>
        <translation>Token-Endpunkt</translation>
    </message>
    <message>
        <source>Device endpoint</source>
        <translation>Geräte-Endpunkt</translation>
    </message>
    <message>
        <source>Revocation endpoint</source>
        <translation>Widerrufs-Endpunkt</translation>
    </message>
    <message>
        <source>Introspection endpoint</source>
        <translation>Introspection-Endpunkt</translation>
    </message>
    <message>
        <source>Userinfo endpoint</source>
        <translation>Userinfo-Endpunkt</translation>
    </message>
    <message>
        <source>Pushed request endpoint</source>
        <translation>PAR-Endpunkt</translation>
    </message>
    <message>
        <source>Client id</source>
        <translation>Client-ID</translation>
    </message>
    <message>
        <source>Scopes</source>
        <translation>Scopes</translation>
    </message>
    <message>
        <source>Resources</source>
        <translation>Ressourcen</translation>
    </message>
    <message>
        <source>Audience</source>
        <translation>Audience</translation>
    </message>
    <message>
        <source>Redirect path</source>
        <translation>Redirect-Pfad</translation>
    </message>
    <message>
        <source>Assertion algorithm</source>
        <translation>Assertion-Algorithmus</translation>
    </message>
    <message>
        <source>Assertion key id</source>
        <translation>Assertion-Schlüssel-ID</translation>
    </message>
    <message>
        <source>Bind the token to a key (DPoP)</source>
        <translation>Token an einen Schlüssel binden (DPoP)</translation>
    </message>
    <message>
        <source>Push the authorization request</source>
        <translation>Autorisierungsanfrage vorab senden (PAR)</translation>
    </message>
    <message>
        <source>Refresh before it expires</source>
        <translation>Vor dem Ablauf erneuern</translation>
    </message>
    <message>
        <source>Refresh once when it is refused</source>
        <translation>Bei Ablehnung einmal erneuern</translation>
    </message>
    <message>
        <source>Refresh ahead by</source>
        <translation>Vorlauf beim Erneuern</translation>
    </message>
    <message>
        <source>From the issuer, or an address</source>
        <translation>Vom Aussteller, oder eine Adresse</translation>
    </message>
    <message>
        <source>Login in the browser (authorization code, PKCE)</source>
        <translation>Anmeldung im Browser (Authorization Code, PKCE)</translation>
    </message>
    <message>
        <source>Client credentials</source>
        <translation>Client Credentials</translation>
    </message>
    <message>
        <source>Login on another device (device code)</source>
        <translation>Anmeldung auf einem anderen Gerät (Device Code)</translation>
    </message>
    <message>
        <source>Token exchange</source>
        <translation>Token Exchange</translation>
    </message>
    <message>
        <source>JWT assertion</source>
        <translation>JWT-Assertion</translation>
    </message>
    <message>
        <source>Password (legacy, not recommended)</source>
        <translation>Passwort (veraltet, nicht empfohlen)</translation>
    </message>
    <message>
        <source>Not at all: a public client</source>
        <translation>Gar nicht: öffentlicher Client</translation>
    </message>
    <message>
        <source>Secret in the Authorization header</source>
        <translation>Secret im Header Authorization</translation>
    </message>
    <message>
        <source>Secret in the form</source>
        <translation>Secret im Formular</translation>
    </message>
    <message>
        <source>JWT signed with a private key</source>
        <translation>JWT, mit privatem Schlüssel signiert</translation>
    </message>
    <message>
        <source>JWT signed with the secret</source>
        <translation>JWT, mit dem Secret signiert</translation>
    </message>
    <message>
        <source>Client certificate</source>
        <translation>Client-Zertifikat</translation>
    </message>
    <message>
        <source>A line each: %1</source>
        <translation>Je eine Zeile: %1</translation>
    </message>
    <message>
        <source>Client secret</source>
        <translation>Client-Secret</translation>
    </message>
    <message>
        <source>Signing key, PEM or JWK</source>
        <translation>Signaturschlüssel, PEM oder JWK</translation>
    </message>
    <message>
        <source>Token to exchange</source>
        <translation>Token zum Tauschen</translation>
    </message>
    <message>
        <source>User&apos;s password</source>
        <translation>Passwort des Benutzers</translation>
    </message>
    <message>
        <source>session token, if any</source>
        <translation>Session-Token, falls vorhanden</translation>
    </message>
    <message>
        <source>Signing key: PEM, JWK or a shared secret</source>
        <translation>Signaturschlüssel: PEM, JWK oder ein gemeinsames Geheimnis</translation>
    </message>
    <message>
        <source>Secret access key</source>
        <translation>Secret Access Key</translation>
    </message>
    <message>
        <source>Secret</source>
        <translation>Geheimnis</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Login address</source>
        <translation>Anmeldeadresse</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Content type</source>
        <translation>Content-Type</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>Body</translation>
    </message>
    <message>
        <source>Header lines</source>
        <translation>Headerzeilen</translation>
    </message>
    <message>
        <source>Token comes in</source>
        <translation>Token: Herkunft</translation>
    </message>
    <message>
        <source>Token&apos;s place</source>
        <translation>Token: Stelle</translation>
    </message>
    <message>
        <source>Token goes in</source>
        <translation>Token: Ziel</translation>
    </message>
    <message>
        <source>Sent under the name</source>
        <translation>Name beim Senden</translation>
    </message>
    <message>
        <source>Expiry comes in</source>
        <translation>Ablauf: Herkunft</translation>
    </message>
    <message>
        <source>Expiry&apos;s place</source>
        <translation>Ablauf: Stelle</translation>
    </message>
    <message>
        <source>Expiry is given as</source>
        <translation>Ablauf: Form</translation>
    </message>
    <message>
        <source>Refresh token comes in</source>
        <translation>Refresh-Token: Herkunft</translation>
    </message>
    <message>
        <source>Refresh token&apos;s place</source>
        <translation>Refresh-Token: Stelle</translation>
    </message>
    <message>
        <source>Refresh address</source>
        <translation>Adresse zum Erneuern</translation>
    </message>
    <message>
        <source>Refresh method</source>
        <translation>Methode zum Erneuern</translation>
    </message>
    <message>
        <source>Refresh body</source>
        <translation>Body zum Erneuern</translation>
    </message>
    <message>
        <source>CSRF token comes in</source>
        <translation>CSRF-Token: Herkunft</translation>
    </message>
    <message>
        <source>CSRF token&apos;s place</source>
        <translation>CSRF-Token: Stelle</translation>
    </message>
    <message>
        <source>CSRF header</source>
        <translation>CSRF-Header</translation>
    </message>
    <message>
        <source>Empty: log in again</source>
        <translation>Leer: neu anmelden</translation>
    </message>
    <message>
        <source>The body, at a JSON pointer</source>
        <translation>Body, an einem JSON-Pointer</translation>
    </message>
    <message>
        <source>A header</source>
        <translation>Ein Header</translation>
    </message>
    <message>
        <source>A cookie</source>
        <translation>Ein Cookie</translation>
    </message>
    <message>
        <source>The Authorization header</source>
        <translation>Der Header Authorization</translation>
    </message>
    <message>
        <source>Seconds from now</source>
        <translation>Sekunden ab jetzt</translation>
    </message>
    <message>
        <source>Unix time</source>
        <translation>Unix-Zeit</translation>
    </message>
    <message>
        <source>Date and time (ISO 8601)</source>
        <translation>Datum und Uhrzeit (ISO 8601)</translation>
    </message>
    <message>
        <source>Address assertions to the token endpoint (legacy)</source>
        <translation>Assertions an den Token-Endpunkt richten (alt)</translation>
    </message>
</context>
<context>
    <name>SecretRecord</name>
    <message>
        <source>The keychain item is not a record of this program.</source>
        <translation>Der Eintrag im Schlüsselbund stammt nicht von diesem Programm.</translation>
    </message>
    <message>
        <source>Enter the secret again, or delete the item in the keychain&apos;s own program.</source>
        <translation>Geben Sie das Geheimnis noch einmal ein, oder löschen Sie den Eintrag im Programm des Schlüsselbunds.</translation>
    </message>
    <message>
        <source>The keychain item was written by a newer version of this program.</source>
        <translation>Der Eintrag im Schlüsselbund wurde von einer neueren Version dieses Programms geschrieben.</translation>
    </message>
    <message>
        <source>Update the program, or enter the secret again.</source>
        <translation>Aktualisieren Sie das Programm, oder geben Sie das Geheimnis noch einmal ein.</translation>
    </message>
</context>
<context>
    <name>SideExpiry</name>
    <message>
        <source>The refresh token has expired: a login is needed when the token ends.</source>
        <translation>Das Refresh-Token ist abgelaufen: Wenn das Token endet, ist eine Anmeldung nötig.</translation>
    </message>
    <message>
        <source>The client secret has expired: nothing can be refreshed with it.</source>
        <translation>Das Client-Secret ist abgelaufen: Damit lässt sich nichts mehr erneuern.</translation>
    </message>
    <message>
        <source>The client certificate has expired.</source>
        <translation>Das Client-Zertifikat ist abgelaufen.</translation>
    </message>
    <message>
        <source>The refresh token expires in %1.</source>
        <translation>Das Refresh-Token läuft in %1 ab.</translation>
    </message>
    <message>
        <source>The client secret expires in %1.</source>
        <translation>Das Client-Secret läuft in %1 ab.</translation>
    </message>
    <message>
        <source>The client certificate expires in %1.</source>
        <translation>Das Client-Zertifikat läuft in %1 ab.</translation>
    </message>
</context>
<context>
    <name>SigV4</name>
    <message>
        <source>Complete the AWS settings of the profile.</source>
        <translation>Vervollständigen Sie die AWS-Einstellungen des Profils.</translation>
    </message>
    <message>
        <source>The AWS access key id is missing or not one.</source>
        <translation>Die AWS-Access-Key-ID fehlt oder ist keine.</translation>
    </message>
    <message>
        <source>The AWS region is missing or not one.</source>
        <translation>Die AWS-Region fehlt oder ist keine.</translation>
    </message>
    <message>
        <source>The AWS service is missing or not one.</source>
        <translation>Der AWS-Dienst fehlt oder ist keiner.</translation>
    </message>
    <message>
        <source>A presigned URL lasts 1 to %1 seconds.</source>
        <translation>Eine presigned URL gilt 1 bis %1 Sekunden.</translation>
    </message>
    <message>
        <source>The URL already has the query field %1.</source>
        <translation>Die URL hat das Query-Feld %1 schon.</translation>
    </message>
    <message>
        <source>Whoever has this URL can use it until it expires.</source>
        <translation>Wer diese URL hat, kann sie bis zu ihrem Ablauf verwenden.</translation>
    </message>
    <message>
        <source>A temporary key (ASIA…) needs its session token beside it.</source>
        <translation>Ein temporärer Schlüssel (ASIA…) braucht daneben sein Session-Token.</translation>
    </message>
    <message numerus="yes">
        <source>This computer&apos;s clock is %n minute(s) ahead of the server&apos;s; AWS allows 15.</source>
        <translation>
            <numerusform>Die Uhr dieses Rechners geht gegenüber der des Servers %n Minute vor; AWS erlaubt 15.</numerusform>
            <numerusform>Die Uhr dieses Rechners geht gegenüber der des Servers %n Minuten vor; AWS erlaubt 15.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>This computer&apos;s clock is %n minute(s) behind the server&apos;s; AWS allows 15.</source>
        <translation>
            <numerusform>Die Uhr dieses Rechners geht gegenüber der des Servers %n Minute nach; AWS erlaubt 15.</numerusform>
            <numerusform>Die Uhr dieses Rechners geht gegenüber der des Servers %n Minuten nach; AWS erlaubt 15.</numerusform>
        </translation>
    </message>
    <message>
        <source>The server computed another signature: the secret key is another, or the request changed on its way. Compare its canonical request with ours.</source>
        <translation>Der Server hat eine andere Signatur berechnet: Der geheime Schlüssel ist ein anderer, oder die Anfrage wurde unterwegs verändert. Vergleichen Sie seine Canonical Request mit unserer.</translation>
    </message>
    <message>
        <source>Sign the body: switch leaving it out off in the profile, or take the field X-Amz-Content-Sha256 out of the request.</source>
        <translation>Signieren Sie den Body: schalten Sie das Auslassen im Profil ab, oder nehmen Sie das Feld X-Amz-Content-Sha256 aus der Anfrage.</translation>
    </message>
    <message>
        <source>Without encryption anybody on the way could change a body that is left out of the signature.</source>
        <translation>Ohne Verschlüsselung könnte jeder unterwegs einen Body ändern, den die Signatur auslässt.</translation>
    </message>
    <message>
        <source>Use https, or sign the body and not the URL.</source>
        <translation>Nehmen Sie https, oder signieren Sie den Body statt der URL.</translation>
    </message>
    <message>
        <source>Only S3 and few other services take a body that is left out of the signature; %1 is not known to.</source>
        <translation>Nur S3 und wenige andere Dienste nehmen einen Body, der aus der Signatur ausgelassen ist; von %1 ist das nicht bekannt.</translation>
    </message>
</context>
<context>
    <name>SigningKey</name>
    <message>
        <source>There is no signature algorithm &quot;%1&quot; here.</source>
        <translation>Hier gibt es keinen Signaturalgorithmus „%1“.</translation>
    </message>
    <message>
        <source>Use one of HS256, RS256, PS256, ES256, EdDSA or their larger sisters.</source>
        <translation>Verwenden Sie HS256, RS256, PS256, ES256, EdDSA oder eine ihrer größeren Varianten.</translation>
    </message>
    <message>
        <source>an RSA key</source>
        <translation>einen RSA-Schlüssel</translation>
    </message>
    <message>
        <source>a key on the curve %1</source>
        <translation>einen Schlüssel auf der Kurve %1</translation>
    </message>
    <message>
        <source>a shared secret</source>
        <translation>ein gemeinsames Geheimnis</translation>
    </message>
    <message>
        <source>%1 needs %2, and this is %3.</source>
        <translation>%1 braucht %2, bekam aber %3.</translation>
    </message>
    <message>
        <source>Choose the algorithm that belongs to the key, or another key.</source>
        <translation>Wählen Sie den Algorithmus, der zum Schlüssel gehört, oder einen anderen Schlüssel.</translation>
    </message>
    <message>
        <source>The key has %1 bits, and %2 needs at least %3.</source>
        <translation>Der Schlüssel hat %1 Bit, %2 braucht aber mindestens %3.</translation>
    </message>
    <message>
        <source>Use a longer key.</source>
        <translation>Verwenden Sie einen längeren Schlüssel.</translation>
    </message>
    <message>
        <source>The k of the JWK is not base64url.</source>
        <translation>Das k des JWK ist kein Base64url.</translation>
    </message>
    <message>
        <source>The key is empty.</source>
        <translation>Der Schlüssel ist leer.</translation>
    </message>
    <message>
        <source>The JWK is not a shared secret: its kty is &quot;%1&quot;.</source>
        <translation>Der JWK ist kein gemeinsames Geheimnis: Sein kty ist „%1“.</translation>
    </message>
    <message>
        <source>The system&apos;s library made no key.</source>
        <translation>Die Bibliothek des Systems hat keinen Schlüssel erzeugt.</translation>
    </message>
    <message>
        <source>This RSA key is for PSS signatures only.</source>
        <translation>Dieser RSA-Schlüssel ist nur für PSS-Signaturen.</translation>
    </message>
    <message>
        <source>Use PS256, PS384 or PS512.</source>
        <translation>Verwenden Sie PS256, PS384 oder PS512.</translation>
    </message>
    <message>
        <source>The key made no signature with %1.</source>
        <translation>Der Schlüssel hat mit %1 keine Signatur erzeugt.</translation>
    </message>
    <message>
        <source>Check that the key is whole and meant for signing.</source>
        <translation>Prüfen Sie, ob der Schlüssel vollständig und zum Signieren gedacht ist.</translation>
    </message>
    <message>
        <source>A header with b64 cannot be signed here.</source>
        <translation>Ein Header mit b64 kann hier nicht signiert werden.</translation>
    </message>
    <message>
        <source>The private key does not read: %1.</source>
        <translation>Der private Schlüssel ist nicht lesbar: %1.</translation>
    </message>
    <message>
        <source>Give a private key as PEM or as a JWK.</source>
        <translation>Geben Sie einen privaten Schlüssel als PEM oder als JWK an.</translation>
    </message>
    <message>
        <source>the JWK has no %1</source>
        <translation>dem JWK fehlt %1</translation>
    </message>
    <message>
        <source>%1 of the JWK is not base64url</source>
        <translation>%1 des JWK ist kein Base64url</translation>
    </message>
    <message>
        <source>its numbers do not make a key</source>
        <translation>seine Zahlen ergeben keinen Schlüssel</translation>
    </message>
    <message>
        <source>RSA keys of more than two primes are not supported</source>
        <translation>RSA-Schlüssel aus mehr als zwei Primzahlen werden nicht unterstützt</translation>
    </message>
    <message>
        <source>the curve &quot;%1&quot; is not one of JOSE&apos;s</source>
        <translation>die Kurve „%1“ gehört nicht zu JOSE</translation>
    </message>
    <message>
        <source>x, y and d must each have %1 bytes</source>
        <translation>x, y und d müssen je %1 Byte haben</translation>
    </message>
    <message>
        <source>the curve &quot;%1&quot; makes no signatures here</source>
        <translation>die Kurve „%1“ erzeugt hier keine Signaturen</translation>
    </message>
    <message>
        <source>its public half belongs to another key</source>
        <translation>sein öffentlicher Teil gehört zu einem anderen Schlüssel</translation>
    </message>
    <message>
        <source>A key of this kind makes no JOSE signatures.</source>
        <translation>Ein Schlüssel dieser Art erzeugt keine JOSE-Signaturen.</translation>
    </message>
    <message>
        <source>Use an RSA key, or one of the curves P-256, P-384, P-521, secp256k1 or Ed25519.</source>
        <translation>Verwenden Sie einen RSA-Schlüssel oder eine der Kurven P-256, P-384, P-521, secp256k1 oder Ed25519.</translation>
    </message>
    <message>
        <source>The key&apos;s curve is not one of JOSE&apos;s.</source>
        <translation>Die Kurve des Schlüssels gehört nicht zu JOSE.</translation>
    </message>
    <message>
        <source>Use P-256, P-384, P-521, secp256k1 or Ed25519.</source>
        <translation>Verwenden Sie P-256, P-384, P-521, secp256k1 oder Ed25519.</translation>
    </message>
    <message>
        <source>The private key is locked with a passphrase.</source>
        <translation>Der private Schlüssel ist mit einer Passphrase gesperrt.</translation>
    </message>
    <message>
        <source>Take the passphrase off first: openssl pkey -in key.pem -out plain.pem</source>
        <translation>Entfernen Sie zuerst die Passphrase: openssl pkey -in key.pem -out plain.pem</translation>
    </message>
    <message>
        <source>this is the public half, which cannot sign</source>
        <translation>das ist der öffentliche Teil, der nicht signieren kann</translation>
    </message>
    <message>
        <source>it is neither PEM nor a JWK</source>
        <translation>er ist weder PEM noch ein JWK</translation>
    </message>
    <message>
        <source>the PEM is broken, or its kind is not known</source>
        <translation>das PEM ist beschädigt, oder seine Art ist nicht bekannt</translation>
    </message>
    <message>
        <source>a member of the JWK comes twice</source>
        <translation>ein Member des JWK kommt zweimal vor</translation>
    </message>
    <message>
        <source>the JWK is a symmetric key, which only HS algorithms use</source>
        <translation>der JWK ist ein symmetrischer Schlüssel, den nur HS-Algorithmen verwenden</translation>
    </message>
    <message>
        <source>the JWK&apos;s kty is &quot;%1&quot;</source>
        <translation>das kty des JWK ist „%1“</translation>
    </message>
</context>
<context>
    <name>Snippet</name>
    <message>
        <source>Put a signed token into %1: the code does not sign one itself.</source>
        <translation>Legen Sie ein signiertes Token in %1: Der Code signiert keines selbst.</translation>
    </message>
    <message>
        <source>The credential (%1) is left out: code cannot make it.</source>
        <translation>Die Zugangsdaten (%1) sind ausgelassen: Code kann sie nicht erzeugen.</translation>
    </message>
    <message>
        <source>%1 cannot say this: %2.</source>
        <translation>%1 kann das nicht ausdrücken: %2.</translation>
    </message>
    <message>
        <source>Choose another target; curl can say most.</source>
        <translation>Wählen Sie ein anderes Ziel; curl kann das meiste.</translation>
    </message>
    <message>
        <source>a body with %1</source>
        <translation>ein Body mit %1</translation>
    </message>
    <message>
        <source>There is no target called %1.</source>
        <translation>Es gibt kein Ziel namens %1.</translation>
    </message>
    <message>
        <source>There are: %1.</source>
        <translation>Es gibt: %1.</translation>
    </message>
</context>
<context>
    <name>StatusText</name>
    <message>
        <source>The server has read the headers and waits for the body.</source>
        <translation>Der Server hat die Header gelesen und wartet auf den Body.</translation>
    </message>
    <message>
        <source>The connection goes on in another protocol.</source>
        <translation>Die Verbindung geht in einem anderen Protokoll weiter.</translation>
    </message>
    <message>
        <source>The server is still working on the request.</source>
        <translation>Der Server arbeitet noch an der Anfrage.</translation>
    </message>
    <message>
        <source>Headers that the final answer will probably have, sent ahead of it.</source>
        <translation>Header, die die endgültige Antwort wahrscheinlich haben wird, vorab gesendet.</translation>
    </message>
    <message>
        <source>The request succeeded.</source>
        <translation>Die Anfrage war erfolgreich.</translation>
    </message>
    <message>
        <source>The request succeeded and made something new.</source>
        <translation>Die Anfrage war erfolgreich und hat etwas Neues angelegt.</translation>
    </message>
    <message>
        <source>The request was taken on; the work is not done yet.</source>
        <translation>Die Anfrage wurde angenommen; die Arbeit ist noch nicht erledigt.</translation>
    </message>
    <message>
        <source>The request succeeded; a proxy has changed the answer.</source>
        <translation>Die Anfrage war erfolgreich; ein Proxy hat die Antwort geändert.</translation>
    </message>
    <message>
        <source>The request succeeded and there is no body to send.</source>
        <translation>Die Anfrage war erfolgreich, und es gibt keinen Body zu senden.</translation>
    </message>
    <message>
        <source>The request succeeded; clear the form it came from.</source>
        <translation>Die Anfrage war erfolgreich; leeren Sie das Formular, aus dem sie kam.</translation>
    </message>
    <message>
        <source>This is the part of the content that was asked for.</source>
        <translation>Das ist der verlangte Teil des Inhalts.</translation>
    </message>
    <message>
        <source>The body tells a status for each of several resources.</source>
        <translation>Der Body nennt je einen Status für mehrere Ressourcen.</translation>
    </message>
    <message>
        <source>This was listed earlier in the same answer.</source>
        <translation>Das wurde in derselben Antwort schon aufgeführt.</translation>
    </message>
    <message>
        <source>The body is a difference to an older version.</source>
        <translation>Der Body ist der Unterschied zu einer älteren Fassung.</translation>
    </message>
    <message>
        <source>There are several forms of this; choose one.</source>
        <translation>Hiervon gibt es mehrere Formen; wählen Sie eine.</translation>
    </message>
    <message>
        <source>This has a new address for good.</source>
        <translation>Das hat dauerhaft eine neue Adresse.</translation>
    </message>
    <message>
        <source>This is at another address for now.</source>
        <translation>Das ist vorläufig unter einer anderen Adresse.</translation>
    </message>
    <message>
        <source>The answer is to be fetched with GET from another address.</source>
        <translation>Die Antwort ist mit GET von einer anderen Adresse abzurufen.</translation>
    </message>
    <message>
        <source>The copy you already have is still good.</source>
        <translation>Die Kopie, die Sie schon haben, ist noch aktuell.</translation>
    </message>
    <message>
        <source>The server asks to use a proxy. This is no longer used.</source>
        <translation>Der Server verlangt einen Proxy. Das wird nicht mehr verwendet.</translation>
    </message>
    <message>
        <source>This is at another address for now; the method stays the same.</source>
        <translation>Das ist vorläufig unter einer anderen Adresse; die Methode bleibt gleich.</translation>
    </message>
    <message>
        <source>This has a new address for good; the method stays the same.</source>
        <translation>Das hat dauerhaft eine neue Adresse; die Methode bleibt gleich.</translation>
    </message>
    <message>
        <source>The server cannot make sense of the request.</source>
        <translation>Der Server versteht die Anfrage nicht.</translation>
    </message>
    <message>
        <source>The server does not know who you are: no credentials, or none that it accepts.</source>
        <translation>Der Server weiß nicht, wer Sie sind: keine Zugangsdaten, oder keine, die er akzeptiert.</translation>
    </message>
    <message>
        <source>The server wants a payment first.</source>
        <translation>Der Server verlangt zuerst eine Zahlung.</translation>
    </message>
    <message>
        <source>The server understood the request and will not allow it.</source>
        <translation>Der Server hat die Anfrage verstanden und erlaubt sie nicht.</translation>
    </message>
    <message>
        <source>There is nothing at this address, or the server will not say that there is.</source>
        <translation>Unter dieser Adresse gibt es nichts, oder der Server will es nicht verraten.</translation>
    </message>
    <message>
        <source>This address does not take this method; Allow lists those it takes.</source>
        <translation>Diese Adresse nimmt diese Methode nicht an; Allow nennt die möglichen.</translation>
    </message>
    <message>
        <source>The server has no form of this that Accept allows.</source>
        <translation>Der Server hat hiervon keine Form, die Accept erlaubt.</translation>
    </message>
    <message>
        <source>The proxy wants credentials of its own.</source>
        <translation>Der Proxy verlangt eigene Zugangsdaten.</translation>
    </message>
    <message>
        <source>The server waited too long for the request.</source>
        <translation>Der Server hat zu lange auf die Anfrage gewartet.</translation>
    </message>
    <message>
        <source>The request does not fit the present state of the resource.</source>
        <translation>Die Anfrage passt nicht zum jetzigen Zustand der Ressource.</translation>
    </message>
    <message>
        <source>This was here once and will not come back.</source>
        <translation>Das war einmal hier und kommt nicht wieder.</translation>
    </message>
    <message>
        <source>The server wants a Content-Length.</source>
        <translation>Der Server verlangt eine Content-Length.</translation>
    </message>
    <message>
        <source>A condition in the request&apos;s headers does not hold.</source>
        <translation>Eine Bedingung in den Headern der Anfrage ist nicht erfüllt.</translation>
    </message>
    <message>
        <source>The request&apos;s body is larger than the server takes.</source>
        <translation>Der Body der Anfrage ist größer, als der Server annimmt.</translation>
    </message>
    <message>
        <source>The URL is longer than the server takes.</source>
        <translation>Die URL ist länger, als der Server annimmt.</translation>
    </message>
    <message>
        <source>The server does not take a body of this Content-Type or coding.</source>
        <translation>Der Server nimmt keinen Body mit diesem Content-Type oder dieser Kodierung an.</translation>
    </message>
    <message>
        <source>The part asked for lies outside the content.</source>
        <translation>Der verlangte Teil liegt außerhalb des Inhalts.</translation>
    </message>
    <message>
        <source>The server cannot do what Expect asks.</source>
        <translation>Der Server kann nicht leisten, was Expect verlangt.</translation>
    </message>
    <message>
        <source>A joke of 1998 that servers still tell.</source>
        <translation>Ein Scherz von 1998, den Server immer noch machen.</translation>
    </message>
    <message>
        <source>This server does not answer for that host.</source>
        <translation>Dieser Server antwortet nicht für diesen Host.</translation>
    </message>
    <message>
        <source>The server can read the body but cannot act on what it says.</source>
        <translation>Der Server kann den Body lesen, aber nicht nach seinem Inhalt handeln.</translation>
    </message>
    <message>
        <source>The resource is locked.</source>
        <translation>Die Ressource ist gesperrt.</translation>
    </message>
    <message>
        <source>This failed because another action before it failed.</source>
        <translation>Das ist gescheitert, weil zuvor eine andere Aktion gescheitert ist.</translation>
    </message>
    <message>
        <source>The server will not risk a request that could be a replay.</source>
        <translation>Der Server riskiert keine Anfrage, die eine Wiederholung sein könnte.</translation>
    </message>
    <message>
        <source>The server wants another protocol; Upgrade names it.</source>
        <translation>Der Server verlangt ein anderes Protokoll; Upgrade nennt es.</translation>
    </message>
    <message>
        <source>The server wants the request to carry a condition such as If-Match.</source>
        <translation>Der Server verlangt in der Anfrage eine Bedingung wie If-Match.</translation>
    </message>
    <message>
        <source>You sent more requests than the server allows in this time.</source>
        <translation>Sie haben mehr Anfragen gesendet, als der Server in dieser Zeit erlaubt.</translation>
    </message>
    <message>
        <source>The request&apos;s headers are larger than the server takes.</source>
        <translation>Die Header der Anfrage sind größer, als der Server annimmt.</translation>
    </message>
    <message>
        <source>The server may not show this, by law or by order.</source>
        <translation>Der Server darf das aufgrund eines Gesetzes oder einer Anordnung nicht zeigen.</translation>
    </message>
    <message>
        <source>Something went wrong inside the server.</source>
        <translation>Im Server ist etwas schiefgegangen.</translation>
    </message>
    <message>
        <source>The server does not know this method at all.</source>
        <translation>Der Server kennt diese Methode überhaupt nicht.</translation>
    </message>
    <message>
        <source>A server in between got no good answer from the one behind it.</source>
        <translation>Ein Server dazwischen bekam keine gute Antwort von dem dahinter.</translation>
    </message>
    <message>
        <source>The server cannot answer now: too busy, or under maintenance.</source>
        <translation>Der Server kann jetzt nicht antworten: überlastet oder in Wartung.</translation>
    </message>
    <message>
        <source>A server in between waited too long for the one behind it.</source>
        <translation>Ein Server dazwischen hat zu lange auf den dahinter gewartet.</translation>
    </message>
    <message>
        <source>The server does not speak this HTTP version.</source>
        <translation>Der Server spricht diese HTTP-Version nicht.</translation>
    </message>
    <message>
        <source>The server&apos;s choice of forms leads in a circle.</source>
        <translation>Die Auswahl der Formen führt beim Server im Kreis.</translation>
    </message>
    <message>
        <source>The server has no room to store this.</source>
        <translation>Der Server hat keinen Platz, um das zu speichern.</translation>
    </message>
    <message>
        <source>The server ran in a circle and stopped.</source>
        <translation>Der Server lief im Kreis und hat angehalten.</translation>
    </message>
    <message>
        <source>The server wants an extension that the request does not name.</source>
        <translation>Der Server verlangt eine Erweiterung, die die Anfrage nicht nennt.</translation>
    </message>
    <message>
        <source>The network wants you to sign in before it lets you out.</source>
        <translation>Das Netz verlangt eine Anmeldung, bevor es Sie hinauslässt.</translation>
    </message>
    <message>
        <source>An answer on the way; the final one follows.</source>
        <translation>Eine Zwischenantwort; die endgültige folgt.</translation>
    </message>
    <message>
        <source>The server wants something more done to complete the request.</source>
        <translation>Der Server verlangt noch etwas, um die Anfrage abzuschließen.</translation>
    </message>
    <message>
        <source>The server sees a fault in the request.</source>
        <translation>Der Server sieht einen Fehler in der Anfrage.</translation>
    </message>
    <message>
        <source>The server could not carry out a request that may be right.</source>
        <translation>Der Server konnte eine Anfrage, die richtig sein mag, nicht ausführen.</translation>
    </message>
    <message>
        <source>This is not a status code of HTTP.</source>
        <translation>Das ist kein Statuscode von HTTP.</translation>
    </message>
</context>
<context>
    <name>TokenBinding</name>
    <message>
        <source>The token is bound to a client certificate, and the profile has none.</source>
        <translation>Das Token ist an ein Client-Zertifikat gebunden, und das Profil hat keines.</translation>
    </message>
    <message>
        <source>The token is bound to the profile&apos;s client certificate.</source>
        <translation>Das Token ist an das Client-Zertifikat des Profils gebunden.</translation>
    </message>
    <message>
        <source>The token is bound to another client certificate than the profile&apos;s.</source>
        <translation>Das Token ist an ein anderes Client-Zertifikat gebunden als das des Profils.</translation>
    </message>
    <message>
        <source>The token is not bound to the client certificate.</source>
        <translation>Das Token ist nicht an das Client-Zertifikat gebunden.</translation>
    </message>
    <message>
        <source>The token is bound to a key, and the profile has none.</source>
        <translation>Das Token ist an einen Schlüssel gebunden, und das Profil hat keinen.</translation>
    </message>
    <message>
        <source>The token is bound to the profile&apos;s key.</source>
        <translation>Das Token ist an den Schlüssel des Profils gebunden.</translation>
    </message>
    <message>
        <source>The token is bound to another key than the profile&apos;s.</source>
        <translation>Das Token ist an einen anderen Schlüssel gebunden als den des Profils.</translation>
    </message>
    <message>
        <source>The token is not bound to the key: whoever has it can use it.</source>
        <translation>Das Token ist nicht an den Schlüssel gebunden: Wer es hat, kann es verwenden.</translation>
    </message>
</context>
<context>
    <name>TokenDefect</name>
    <message>
        <source>The credential is no signed JWT.</source>
        <translation>Die Zugangsdaten sind kein signiertes JWT.</translation>
    </message>
    <message>
        <source>Choose a defect that needs none: random, empty, truncated.</source>
        <translation>Wählen Sie einen Fehler, der keines braucht: random, empty, truncated.</translation>
    </message>
    <message>
        <source>The token&apos;s payload is no JSON object.</source>
        <translation>Der Inhalt des Tokens ist kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>The credential has no letters to swap.</source>
        <translation>Die Zugangsdaten haben keine Buchstaben zum Vertauschen.</translation>
    </message>
    <message>
        <source>The credential is too short to be cut.</source>
        <translation>Die Zugangsdaten sind zu kurz zum Kürzen.</translation>
    </message>
    <message>
        <source>forged: its signature is empty</source>
        <translation>gefälscht: die Signatur ist leer</translation>
    </message>
    <message>
        <source>forged: its signature is cut off</source>
        <translation>gefälscht: die Signatur ist abgeschnitten</translation>
    </message>
    <message>
        <source>forged: one bit of its signature is wrong</source>
        <translation>gefälscht: ein Bit der Signatur ist falsch</translation>
    </message>
    <message>
        <source>forged: its claims were changed after it was signed</source>
        <translation>gefälscht: die Angaben wurden nach dem Signieren geändert</translation>
    </message>
    <message>
        <source>forged: unsigned, with the algorithm &quot;%1&quot;</source>
        <translation>gefälscht: unsigniert, mit dem Verfahren „%1“</translation>
    </message>
    <message>
        <source>forged: random characters of the same shape</source>
        <translation>gefälscht: zufällige Zeichen gleicher Form</translation>
    </message>
    <message>
        <source>forged: an empty credential</source>
        <translation>gefälscht: leere Zugangsdaten</translation>
    </message>
    <message>
        <source>forged: its end is missing</source>
        <translation>gefälscht: das Ende fehlt</translation>
    </message>
    <message>
        <source>forged: capital and small letters are swapped</source>
        <translation>gefälscht: Groß- und Kleinbuchstaben sind vertauscht</translation>
    </message>
</context>
<context>
    <name>TokenEnd</name>
    <message>
        <source>%1&apos;s token has ended.</source>
        <translation>Das Token von %1 ist abgelaufen.</translation>
    </message>
    <message>
        <source>%1&apos;s token ends in %2 s, and this run may take %3 s. Nothing renews it.</source>
        <translation>Das Token von %1 endet in %2 s, und dieser Lauf kann %3 s dauern. Nichts erneuert es.</translation>
    </message>
    <message>
        <source>%1&apos;s refresh token has ended: a login is needed when its token ends.</source>
        <translation>Das Refresh-Token von %1 ist abgelaufen: Wenn das Token endet, ist eine Anmeldung nötig.</translation>
    </message>
    <message>
        <source>%1&apos;s client secret has ended: no token can be had with it.</source>
        <translation>Das Client-Secret von %1 ist abgelaufen: Damit gibt es kein Token mehr.</translation>
    </message>
    <message>
        <source>%1&apos;s client certificate has ended.</source>
        <translation>Das Client-Zertifikat von %1 ist abgelaufen.</translation>
    </message>
    <message>
        <source>%1&apos;s refresh token ends in %2 s, and this run may take %3 s. After that a login is needed.</source>
        <translation>Das Refresh-Token von %1 endet in %2 s, und dieser Lauf kann %3 s dauern. Danach ist eine Anmeldung nötig.</translation>
    </message>
    <message>
        <source>%1&apos;s client secret ends in %2 s, and this run may take %3 s. No token can be had with it after that.</source>
        <translation>Das Client-Secret von %1 endet in %2 s, und dieser Lauf kann %3 s dauern. Danach gibt es damit kein Token mehr.</translation>
    </message>
    <message>
        <source>%1&apos;s client certificate ends in %2 s, and this run may take %3 s.</source>
        <translation>Das Client-Zertifikat von %1 endet in %2 s, und dieser Lauf kann %3 s dauern.</translation>
    </message>
</context>
<context>
    <name>TokenHolders</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>The old token is out of %1, which needs a login of its own.</source>
        <translation>Das alte Token ist aus %1 entfernt; dort ist eine eigene Anmeldung nötig.</translation>
    </message>
    <message>
        <source>The old refresh token is out of %1.</source>
        <translation>Das alte Refresh-Token ist aus %1 entfernt.</translation>
    </message>
    <message>
        <source>%1 has the new token.</source>
        <translation>%1 hat das neue Token.</translation>
    </message>
    <message>
        <source>The old token is still in %1: %2</source>
        <translation>Das alte Token ist noch in %1: %2</translation>
    </message>
    <message>
        <source>the variable %1</source>
        <translation>die Variable %1</translation>
    </message>
</context>
<context>
    <name>TokenKind</name>
    <message>
        <source>JWT, encrypted (JWE)</source>
        <translation>JWT, verschlüsselt (JWE)</translation>
    </message>
    <message>
        <source>Only its header can be read.</source>
        <translation>Nur der Header ist lesbar.</translation>
    </message>
    <message>
        <source>JWT access token</source>
        <translation>JWT-Access-Token</translation>
    </message>
    <message>
        <source>DPoP proof</source>
        <translation>DPoP-Nachweis</translation>
    </message>
    <message>
        <source>It is made anew for each request.</source>
        <translation>Er wird für jede Anfrage neu erzeugt.</translation>
    </message>
    <message>
        <source>JWT logout token</source>
        <translation>JWT-Logout-Token</translation>
    </message>
    <message>
        <source>JWT</source>
        <translation>JWT</translation>
    </message>
    <message>
        <source>Unsecured: it has no signature.</source>
        <translation>Ungesichert: ohne Signatur.</translation>
    </message>
    <message>
        <source>A sample from the documentation; it opens nothing.</source>
        <translation>Ein Beispiel aus der Dokumentation; es öffnet nichts.</translation>
    </message>
    <message>
        <source>Its checksum is right.</source>
        <translation>Die Prüfsumme stimmt.</translation>
    </message>
    <message>
        <source>Its checksum is wrong: it is mistyped, cut or made up.</source>
        <translation>Die Prüfsumme stimmt nicht: vertippt, abgeschnitten oder erfunden.</translation>
    </message>
    <message>
        <source>This is key material, not a token.</source>
        <translation>Das ist Schlüsselmaterial, kein Token.</translation>
    </message>
    <message>
        <source>Private key (PEM)</source>
        <translation>Privater Schlüssel (PEM)</translation>
    </message>
    <message>
        <source>Private key (PKCS#12)</source>
        <translation>Privater Schlüssel (PKCS#12)</translation>
    </message>
    <message>
        <source>Private key (JSON file)</source>
        <translation>Privater Schlüssel (JSON-Datei)</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>Zertifikat</translation>
    </message>
    <message>
        <source>It is public, not a secret.</source>
        <translation>Es ist öffentlich, kein Geheimnis.</translation>
    </message>
    <message>
        <source>AWS access key id</source>
        <translation>AWS-Access-Key-ID</translation>
    </message>
    <message>
        <source>Microsoft Entra client secret</source>
        <translation>Microsoft-Entra-Client-Secret</translation>
    </message>
    <message>
        <source>It is for the token endpoint, not for the API.</source>
        <translation>Für den Token-Endpunkt bestimmt, nicht für die API.</translation>
    </message>
    <message>
        <source>OpenAI API key</source>
        <translation>OpenAI-API-Schlüssel</translation>
    </message>
    <message>
        <source>Airtable personal access token</source>
        <translation>Persönliches Airtable-Zugriffstoken</translation>
    </message>
    <message>
        <source>Okta API token</source>
        <translation>Okta-API-Token</translation>
    </message>
    <message>
        <source>It goes after the word SSWS.</source>
        <translation>Steht nach dem Wort SSWS.</translation>
    </message>
    <message>
        <source>Macaroon</source>
        <translation>Macaroon</translation>
    </message>
    <message>
        <source>It can be narrowed offline.</source>
        <translation>Lässt sich offline einschränken.</translation>
    </message>
    <message>
        <source>Fernet token</source>
        <translation>Fernet-Token</translation>
    </message>
    <message>
        <source>Only its key reads it.</source>
        <translation>Nur mit seinem Schlüssel lesbar.</translation>
    </message>
    <message>
        <source>SAML assertion</source>
        <translation>SAML-Assertion</translation>
    </message>
    <message>
        <source>XML in base64; it is readable.</source>
        <translation>XML in Base64; es ist lesbar.</translation>
    </message>
    <message>
        <source>Basic credentials</source>
        <translation>Basic-Zugangsdaten</translation>
    </message>
    <message>
        <source>User name and password in clear text, only written in base64.</source>
        <translation>Benutzername und Passwort im Klartext, nur in Base64 geschrieben.</translation>
    </message>
    <message>
        <source>API key (UUID)</source>
        <translation>API-Schlüssel (UUID)</translation>
    </message>
    <message>
        <source>API key (%1 hex digits)</source>
        <translation>API-Schlüssel (%1 Hex-Ziffern)</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>API-Schlüssel</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>Leer</translation>
    </message>
    <message>
        <source>The token is empty.</source>
        <translation>Das Token ist leer.</translation>
    </message>
    <message>
        <source>The token is nothing but =.</source>
        <translation>Das Token besteht nur aus =.</translation>
    </message>
    <message>
        <source>A bearer token may not have %1 (character %2).</source>
        <translation>Ein Bearer-Token darf %1 nicht enthalten (Zeichen %2).</translation>
    </message>
    <message>
        <source>Live: it moves real money.</source>
        <translation>Live: Hier fließt echtes Geld.</translation>
    </message>
    <message>
        <source>Test environment.</source>
        <translation>Testumgebung.</translation>
    </message>
    <message>
        <source>It checks signatures; it is never sent.</source>
        <translation>Damit werden Signaturen geprüft; es wird nie gesendet.</translation>
    </message>
    <message>
        <source>It is sent without a scheme.</source>
        <translation>Wird ohne Schema gesendet.</translation>
    </message>
    <message>
        <source>GitHub fine-grained token</source>
        <translation>Fein abgestuftes GitHub-Token</translation>
    </message>
    <message>
        <source>GitHub personal access token</source>
        <translation>Persönliches GitHub-Zugriffstoken</translation>
    </message>
    <message>
        <source>GitHub OAuth access token</source>
        <translation>GitHub-OAuth-Access-Token</translation>
    </message>
    <message>
        <source>GitHub user-to-server token</source>
        <translation>GitHub-User-to-Server-Token</translation>
    </message>
    <message>
        <source>GitHub app installation token</source>
        <translation>GitHub-App-Installationstoken</translation>
    </message>
    <message>
        <source>GitHub refresh token</source>
        <translation>GitHub-Refresh-Token</translation>
    </message>
    <message>
        <source>GitLab personal access token</source>
        <translation>Persönliches GitLab-Zugriffstoken</translation>
    </message>
    <message>
        <source>GitLab deploy token</source>
        <translation>GitLab-Deploy-Token</translation>
    </message>
    <message>
        <source>GitLab runner token</source>
        <translation>GitLab-Runner-Token</translation>
    </message>
    <message>
        <source>GitLab CI job token</source>
        <translation>GitLab-CI-Job-Token</translation>
    </message>
    <message>
        <source>GitLab trigger token</source>
        <translation>GitLab-Trigger-Token</translation>
    </message>
    <message>
        <source>GitLab SCIM token</source>
        <translation>GitLab-SCIM-Token</translation>
    </message>
    <message>
        <source>GitLab feed token</source>
        <translation>GitLab-Feed-Token</translation>
    </message>
    <message>
        <source>GitLab incoming mail token</source>
        <translation>GitLab-Token für eingehende E-Mails</translation>
    </message>
    <message>
        <source>GitLab agent token</source>
        <translation>GitLab-Agent-Token</translation>
    </message>
    <message>
        <source>GitLab OAuth client secret</source>
        <translation>GitLab-OAuth-Client-Secret</translation>
    </message>
    <message>
        <source>GitLab feature flag client token</source>
        <translation>GitLab-Client-Token für Feature-Flags</translation>
    </message>
    <message>
        <source>Stripe secret key</source>
        <translation>Geheimer Stripe-Schlüssel</translation>
    </message>
    <message>
        <source>Stripe restricted key</source>
        <translation>Eingeschränkter Stripe-Schlüssel</translation>
    </message>
    <message>
        <source>Stripe publishable key</source>
        <translation>Veröffentlichbarer Stripe-Schlüssel</translation>
    </message>
    <message>
        <source>It is meant to be public; it opens nothing by itself.</source>
        <translation>Darf öffentlich sein; öffnet allein nichts.</translation>
    </message>
    <message>
        <source>Stripe webhook secret</source>
        <translation>Stripe-Webhook-Geheimnis</translation>
    </message>
    <message>
        <source>Slack configuration token</source>
        <translation>Slack-Konfigurationstoken</translation>
    </message>
    <message>
        <source>Slack bot token</source>
        <translation>Slack-Bot-Token</translation>
    </message>
    <message>
        <source>Slack user token</source>
        <translation>Slack-Benutzertoken</translation>
    </message>
    <message>
        <source>Slack refresh token</source>
        <translation>Slack-Refresh-Token</translation>
    </message>
    <message>
        <source>Slack app-level token</source>
        <translation>Slack-App-Level-Token</translation>
    </message>
    <message>
        <source>Slack legacy token</source>
        <translation>Altes Slack-Token (Legacy)</translation>
    </message>
    <message>
        <source>It names a key; the secret access key is kept apart.</source>
        <translation>Sie benennt einen Schlüssel; der Secret Access Key wird getrennt aufbewahrt.</translation>
    </message>
    <message>
        <source>AWS temporary access key id</source>
        <translation>Temporäre AWS-Access-Key-ID</translation>
    </message>
    <message>
        <source>It needs a session token beside the secret access key.</source>
        <translation>Braucht neben dem Secret Access Key ein Session-Token.</translation>
    </message>
    <message>
        <source>AWS bearer token id</source>
        <translation>AWS-Bearer-Token-ID</translation>
    </message>
    <message>
        <source>AWS context credential id</source>
        <translation>AWS-Kontext-Credential-ID</translation>
    </message>
    <message>
        <source>Amazon Bedrock API key</source>
        <translation>Amazon-Bedrock-API-Schlüssel</translation>
    </message>
    <message>
        <source>Google API key</source>
        <translation>Google-API-Schlüssel</translation>
    </message>
    <message>
        <source>It goes into the query field key or into a header.</source>
        <translation>Gehört in das Query-Feld key oder in einen Header.</translation>
    </message>
    <message>
        <source>Google access token</source>
        <translation>Google-Access-Token</translation>
    </message>
    <message>
        <source>Google OAuth client secret</source>
        <translation>Google-OAuth-Client-Secret</translation>
    </message>
    <message>
        <source>Google refresh token</source>
        <translation>Google-Refresh-Token</translation>
    </message>
    <message>
        <source>Anthropic admin key</source>
        <translation>Anthropic-Admin-Schlüssel</translation>
    </message>
    <message>
        <source>Anthropic API key</source>
        <translation>Anthropic-API-Schlüssel</translation>
    </message>
    <message>
        <source>OpenAI project key</source>
        <translation>OpenAI-Projektschlüssel</translation>
    </message>
    <message>
        <source>OpenAI service account key</source>
        <translation>OpenAI-Dienstkonto-Schlüssel</translation>
    </message>
    <message>
        <source>OpenAI admin key</source>
        <translation>OpenAI-Admin-Schlüssel</translation>
    </message>
    <message>
        <source>Hugging Face token</source>
        <translation>Hugging-Face-Token</translation>
    </message>
    <message>
        <source>Hugging Face organisation token</source>
        <translation>Hugging-Face-Organisationstoken</translation>
    </message>
    <message>
        <source>npm access token</source>
        <translation>npm-Access-Token</translation>
    </message>
    <message>
        <source>PyPI upload token</source>
        <translation>PyPI-Upload-Token</translation>
    </message>
    <message>
        <source>It goes with Basic, user name __token__.</source>
        <translation>Wird mit Basic gesendet, Benutzername __token__.</translation>
    </message>
    <message>
        <source>RubyGems API key</source>
        <translation>RubyGems-API-Schlüssel</translation>
    </message>
    <message>
        <source>Docker personal access token</source>
        <translation>Persönliches Docker-Zugriffstoken</translation>
    </message>
    <message>
        <source>DigitalOcean personal access token</source>
        <translation>Persönliches DigitalOcean-Zugriffstoken</translation>
    </message>
    <message>
        <source>DigitalOcean OAuth token</source>
        <translation>DigitalOcean-OAuth-Token</translation>
    </message>
    <message>
        <source>DigitalOcean refresh token</source>
        <translation>DigitalOcean-Refresh-Token</translation>
    </message>
    <message>
        <source>Shopify admin token</source>
        <translation>Shopify-Admin-Token</translation>
    </message>
    <message>
        <source>Shopify custom app token</source>
        <translation>Shopify-Token einer Custom App</translation>
    </message>
    <message>
        <source>Shopify private app token</source>
        <translation>Shopify-Token einer Private App</translation>
    </message>
    <message>
        <source>Shopify shared secret</source>
        <translation>Shopify Shared Secret</translation>
    </message>
    <message>
        <source>SendGrid API key</source>
        <translation>SendGrid-API-Schlüssel</translation>
    </message>
    <message>
        <source>Mailgun API key</source>
        <translation>Mailgun-API-Schlüssel</translation>
    </message>
    <message>
        <source>It goes with Basic, user name api.</source>
        <translation>Wird mit Basic gesendet, Benutzername api.</translation>
    </message>
    <message>
        <source>Twilio API key id</source>
        <translation>Twilio-API-Schlüssel-ID</translation>
    </message>
    <message>
        <source>It goes with Basic, as the user name.</source>
        <translation>Wird mit Basic gesendet, als Benutzername.</translation>
    </message>
    <message>
        <source>Twilio account id</source>
        <translation>Twilio-Konto-ID</translation>
    </message>
    <message>
        <source>It names an account and is no secret.</source>
        <translation>Sie benennt ein Konto und ist kein Geheimnis.</translation>
    </message>
    <message>
        <source>Vault service token</source>
        <translation>Vault-Service-Token</translation>
    </message>
    <message>
        <source>Vault batch token</source>
        <translation>Vault-Batch-Token</translation>
    </message>
    <message>
        <source>Vault token</source>
        <translation>Vault-Token</translation>
    </message>
    <message>
        <source>Postman API key</source>
        <translation>Postman-API-Schlüssel</translation>
    </message>
    <message>
        <source>New Relic user key</source>
        <translation>New-Relic-Benutzerschlüssel</translation>
    </message>
    <message>
        <source>Grafana service account token</source>
        <translation>Grafana-Dienstkonto-Token</translation>
    </message>
    <message>
        <source>Grafana Cloud token</source>
        <translation>Grafana-Cloud-Token</translation>
    </message>
    <message>
        <source>Databricks token</source>
        <translation>Databricks-Token</translation>
    </message>
    <message>
        <source>Linear API key</source>
        <translation>Linear-API-Schlüssel</translation>
    </message>
    <message>
        <source>Notion token</source>
        <translation>Notion-Token</translation>
    </message>
    <message>
        <source>Atlassian API token</source>
        <translation>Atlassian-API-Token</translation>
    </message>
    <message>
        <source>It goes with Basic, the mail address as user name.</source>
        <translation>Wird mit Basic gesendet, die E-Mail-Adresse als Benutzername.</translation>
    </message>
    <message>
        <source>Doppler token</source>
        <translation>Doppler-Token</translation>
    </message>
    <message>
        <source>Sentry organisation token</source>
        <translation>Sentry-Organisationstoken</translation>
    </message>
    <message>
        <source>Sentry user token</source>
        <translation>Sentry-Benutzertoken</translation>
    </message>
    <message>
        <source>PlanetScale service token</source>
        <translation>PlanetScale-Service-Token</translation>
    </message>
    <message>
        <source>It is sent after the service token&apos;s id.</source>
        <translation>Wird nach der ID des Service-Tokens gesendet.</translation>
    </message>
    <message>
        <source>Pulumi access token</source>
        <translation>Pulumi-Access-Token</translation>
    </message>
    <message>
        <source>It goes after the word token.</source>
        <translation>Steht nach dem Wort token.</translation>
    </message>
    <message>
        <source>Fly.io token</source>
        <translation>Fly.io-Token</translation>
    </message>
    <message>
        <source>It goes after the word FlyV1.</source>
        <translation>Steht nach dem Wort FlyV1.</translation>
    </message>
    <message>
        <source>Heroku API key</source>
        <translation>Heroku-API-Schlüssel</translation>
    </message>
    <message>
        <source>EasyPost key</source>
        <translation>EasyPost-Schlüssel</translation>
    </message>
    <message>
        <source>Live environment.</source>
        <translation>Live-Umgebung.</translation>
    </message>
    <message>
        <source>Square access token</source>
        <translation>Square-Access-Token</translation>
    </message>
    <message>
        <source>PASETO, encrypted</source>
        <translation>PASETO, verschlüsselt</translation>
    </message>
    <message>
        <source>PASETO, signed</source>
        <translation>PASETO, signiert</translation>
    </message>
</context>
<context>
    <name>TokenStatus</name>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1 d</translation>
    </message>
    <message>
        <source>expired %1 s</source>
        <translation>seit %1 s abgelaufen</translation>
    </message>
    <message>
        <source>expired %1 min</source>
        <translation>seit %1 min abgelaufen</translation>
    </message>
    <message>
        <source>expired %1 h</source>
        <translation>seit %1 h abgelaufen</translation>
    </message>
    <message>
        <source>expired %1 d</source>
        <translation>seit %1 d abgelaufen</translation>
    </message>
    <message>
        <source>valid</source>
        <translation>gültig</translation>
    </message>
    <message>
        <source>due soon</source>
        <translation>läuft bald ab</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>abgelaufen</translation>
    </message>
    <message>
        <source>not yet valid</source>
        <translation>noch nicht gültig</translation>
    </message>
    <message>
        <source>no expiry known</source>
        <translation>Ablauf unbekannt</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>no token yet</source>
        <translation>noch kein Token</translation>
    </message>
</context>
<context>
    <name>Transport</name>
    <message>
        <source>1 byte</source>
        <translation>1 Byte</translation>
    </message>
    <message>
        <source>%1 bytes</source>
        <translation>%1 Byte</translation>
    </message>
    <message>
        <source>The answer announces different lengths (%1 and %2), which lets two programs read it differently.</source>
        <translation>Die Antwort kündigt verschiedene Längen an (%1 und %2); zwei Programme können sie dadurch verschieden lesen.</translation>
    </message>
    <message>
        <source>The answer has both Content-Length and Transfer-Encoding; the latter counts (RFC 9112 §6.3).</source>
        <translation>Die Antwort hat sowohl Content-Length als auch Transfer-Encoding; Letzteres gilt (RFC 9112 §6.3).</translation>
    </message>
    <message>
        <source>The server sent more than the announced %1; the rest was not read.</source>
        <translation>Der Server hat mehr als die angekündigten %1 gesendet; der Rest wurde nicht gelesen.</translation>
    </message>
    <message>
        <source>Unpacked to %1 from %2: %3 times its size.</source>
        <translation>Entpackt auf %1 aus %2: das %3-Fache der Größe.</translation>
    </message>
    <message>
        <source>To look at it anyway, switch the TLS check off for this request.</source>
        <translation>Um sie trotzdem anzusehen, schalten Sie die TLS-Prüfung für diese Anfrage aus.</translation>
    </message>
    <message>
        <source>The name was not looked up within %1 s.</source>
        <translation>Der Name wurde nicht innerhalb von %1 s aufgelöst.</translation>
    </message>
    <message>
        <source>No connection came about within %1 s.</source>
        <translation>Innerhalb von %1 s kam keine Verbindung zustande.</translation>
    </message>
    <message>
        <source>The TLS handshake did not end within %1 s.</source>
        <translation>Der TLS-Handshake war nach %1 s nicht beendet.</translation>
    </message>
    <message>
        <source>The request was not sent within %1 s.</source>
        <translation>Die Anfrage wurde nicht innerhalb von %1 s gesendet.</translation>
    </message>
    <message>
        <source>No answer came within %1 s.</source>
        <translation>Innerhalb von %1 s kam keine Antwort.</translation>
    </message>
    <message>
        <source>Try again, or give the request a longer time limit.</source>
        <translation>Versuchen Sie es erneut oder geben Sie der Anfrage ein längeres Zeitlimit.</translation>
    </message>
    <message>
        <source>If you trust the issuer, choose its certificate as the CA file.</source>
        <translation>Wenn Sie dem Aussteller vertrauen, wählen Sie sein Zertifikat als CA-Datei.</translation>
    </message>
    <message>
        <source>Ask the server&apos;s owner to mend the certificate.</source>
        <translation>Bitten Sie den Betreiber des Servers, das Zertifikat in Ordnung zu bringen.</translation>
    </message>
    <message>
        <source>The server does not speak TLS on this port.</source>
        <translation>Der Server spricht auf diesem Port kein TLS.</translation>
    </message>
    <message>
        <source>Check the port, or use http:// if the connection may be read by others.</source>
        <translation>Prüfen Sie den Port oder verwenden Sie http://, wenn andere die Verbindung mitlesen dürfen.</translation>
    </message>
    <message>
        <source>The server refused the TLS handshake: %1.</source>
        <translation>Der Server hat den TLS-Handshake abgelehnt: %1.</translation>
    </message>
    <message>
        <source>It may want a client certificate or a TLS version that is switched off here.</source>
        <translation>Vielleicht verlangt er ein Client-Zertifikat oder eine TLS-Version, die hier ausgeschaltet ist.</translation>
    </message>
    <message>
        <source>The TLS handshake failed: %1.</source>
        <translation>Der TLS-Handshake ist fehlgeschlagen: %1.</translation>
    </message>
    <message>
        <source>Check that the address and the port are those of an https server.</source>
        <translation>Prüfen Sie, ob Adresse und Port zu einem https-Server gehören.</translation>
    </message>
    <message>
        <source>The connection was refused: nothing listens there.</source>
        <translation>Die Verbindung wurde abgelehnt: Dort lauscht nichts.</translation>
    </message>
    <message>
        <source>The network cannot be reached.</source>
        <translation>Das Netzwerk ist nicht erreichbar.</translation>
    </message>
    <message>
        <source>The host cannot be reached.</source>
        <translation>Der Host ist nicht erreichbar.</translation>
    </message>
    <message>
        <source>No connection came about: %1.</source>
        <translation>Es kam keine Verbindung zustande: %1.</translation>
    </message>
    <message>
        <source>The proxy cannot be reached. %1</source>
        <translation>Der Proxy ist nicht erreichbar. %1</translation>
    </message>
    <message>
        <source>Check the proxy setting, or send without a proxy.</source>
        <translation>Prüfen Sie die Proxy-Einstellung oder senden Sie ohne Proxy.</translation>
    </message>
    <message>
        <source>Check that the server runs and that host and port are right.</source>
        <translation>Prüfen Sie, ob der Server läuft und ob Host und Port stimmen.</translation>
    </message>
    <message>
        <source>The proxy wants a user name and a password (407).</source>
        <translation>Der Proxy verlangt Benutzername und Passwort (407).</translation>
    </message>
    <message>
        <source>Put them into the proxy&apos;s address, as in http://user:password@proxy.example:3128.</source>
        <translation>Tragen Sie sie in die Adresse des Proxys ein, etwa http://user:password@proxy.example:3128.</translation>
    </message>
    <message>
        <source>The proxy refused the tunnel to %1 with status %2.</source>
        <translation>Der Proxy hat den Tunnel zu %1 mit Status %2 abgelehnt.</translation>
    </message>
    <message>
        <source>Ask whether the proxy allows this host and port, or send without a proxy.</source>
        <translation>Fragen Sie nach, ob der Proxy diesen Host und Port erlaubt, oder senden Sie ohne Proxy.</translation>
    </message>
    <message>
        <source>The proxy gave no way through: %1.</source>
        <translation>Der Proxy hat keine Verbindung hergestellt: %1.</translation>
    </message>
    <message>
        <source>The server closed the connection without an answer.</source>
        <translation>Der Server hat die Verbindung ohne Antwort geschlossen.</translation>
    </message>
    <message>
        <source>Try again; if it stays, look into the server&apos;s log.</source>
        <translation>Versuchen Sie es erneut; bleibt es dabei, sehen Sie im Log des Servers nach.</translation>
    </message>
    <message>
        <source>The connection broke after an interim answer: %1.</source>
        <translation>Die Verbindung brach nach einer Zwischenantwort ab: %1.</translation>
    </message>
    <message>
        <source>The connection broke before an answer came: %1.</source>
        <translation>Die Verbindung brach ab, bevor eine Antwort kam: %1.</translation>
    </message>
    <message>
        <source>The certificate of %1 expired on %2.</source>
        <translation>Das Zertifikat von %1 ist am %2 abgelaufen.</translation>
    </message>
    <message>
        <source>The certificate of %1 is not valid before %2.</source>
        <translation>Das Zertifikat von %1 ist nicht vor dem %2 gültig.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is self-signed (%1), so nobody vouches for it.</source>
        <translation>Das Zertifikat des Servers ist selbst signiert (%1), niemand bürgt also dafür.</translation>
    </message>
    <message>
        <source>The certificate comes from an authority that is not trusted here: %1.</source>
        <translation>Das Zertifikat stammt von einer Stelle, der hier nicht vertraut wird: %1.</translation>
    </message>
    <message>
        <source>The certificate&apos;s issuer is not known here: %1.</source>
        <translation>Der Aussteller des Zertifikats ist hier nicht bekannt: %1.</translation>
    </message>
    <message>
        <source>The certificate of %1 was refused: %2.</source>
        <translation>Das Zertifikat von %1 wurde abgelehnt: %2.</translation>
    </message>
    <message>
        <source>The certificate is for %1, not for %2.</source>
        <translation>Das Zertifikat gilt für %1, nicht für %2.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate was refused: %1.</source>
        <translation>Das Zertifikat des Servers wurde abgelehnt: %1.</translation>
    </message>
    <message>
        <source>The URL cannot be used: %1.</source>
        <translation>Die URL ist nicht verwendbar: %1.</translation>
    </message>
    <message>
        <source>Check host and port.</source>
        <translation>Prüfen Sie Host und Port.</translation>
    </message>
    <message>
        <source>There is no host named %1.</source>
        <translation>Es gibt keinen Host namens %1.</translation>
    </message>
    <message>
        <source>Check the spelling, the environment&apos;s base URL and the network connection.</source>
        <translation>Prüfen Sie die Schreibweise, die Basis-URL der Umgebung und die Netzwerkverbindung.</translation>
    </message>
    <message>
        <source>The proxy&apos;s host name is not known.</source>
        <translation>Der Hostname des Proxys ist nicht bekannt.</translation>
    </message>
    <message>
        <source>The CA file cannot be read as PEM certificates.</source>
        <translation>Die CA-Datei ist nicht als PEM-Zertifikate lesbar.</translation>
    </message>
    <message>
        <source>CA file of the request</source>
        <translation>CA-Datei der Anfrage</translation>
    </message>
    <message>
        <source>CA file of the system</source>
        <translation>CA-Datei des Systems</translation>
    </message>
    <message>
        <source>Choose a file with certificates between BEGIN CERTIFICATE and END CERTIFICATE.</source>
        <translation>Wählen Sie eine Datei mit Zertifikaten zwischen BEGIN CERTIFICATE und END CERTIFICATE.</translation>
    </message>
    <message>
        <source>What came back is not HTTP: %1.</source>
        <translation>Was zurückkam, ist kein HTTP: %1.</translation>
    </message>
    <message>
        <source>Check that an HTTP server listens on this port.</source>
        <translation>Prüfen Sie, ob auf diesem Port ein HTTP-Server lauscht.</translation>
    </message>
    <message>
        <source>Check that an HTTP server listens on this port, and whether it wants https://.</source>
        <translation>Prüfen Sie, ob auf diesem Port ein HTTP-Server lauscht und ob er https:// verlangt.</translation>
    </message>
    <message>
        <source>Look into what the server puts into its header fields.</source>
        <translation>Sehen Sie nach, was der Server in seine Header schreibt.</translation>
    </message>
    <message>
        <source>The connection broke while the request was being sent: %1.</source>
        <translation>Die Verbindung brach ab, während die Anfrage gesendet wurde: %1.</translation>
    </message>
    <message>
        <source>Try again; the server may refuse a body of this size.</source>
        <translation>Versuchen Sie es erneut; vielleicht lehnt der Server einen Body dieser Größe ab.</translation>
    </message>
    <message>
        <source>The connection ended before an answer came.</source>
        <translation>Die Verbindung endete, bevor eine Antwort kam.</translation>
    </message>
    <message>
        <source>The request failed: %1.</source>
        <translation>Die Anfrage ist fehlgeschlagen: %1.</translation>
    </message>
    <message>
        <source>The method is not a token.</source>
        <translation>Die Methode ist kein Token.</translation>
    </message>
    <message>
        <source>Use letters, digits and - . _ ~ only, as in GET.</source>
        <translation>Verwenden Sie nur Buchstaben, Ziffern und - . _ ~, wie in GET.</translation>
    </message>
    <message>
        <source>The request was stopped before an answer came.</source>
        <translation>Die Anfrage wurde angehalten, bevor eine Antwort kam.</translation>
    </message>
    <message>
        <source>%1 came</source>
        <translation>%1 empfangen</translation>
    </message>
    <message>
        <source>%1 of %2 came</source>
        <translation>%1 von %2 empfangen</translation>
    </message>
    <message>
        <source>The time limit of %1 s ended it while the answer was coming: %2.</source>
        <translation>Das Zeitlimit von %1 s war erreicht, während die Antwort kam: %2.</translation>
    </message>
    <message>
        <source>The connection closed inside the header fields.</source>
        <translation>Die Verbindung wurde mitten in den Headern geschlossen.</translation>
    </message>
    <message>
        <source>The header fields could not be read: %1.</source>
        <translation>Die Header sind nicht lesbar: %1.</translation>
    </message>
    <message>
        <source>The chunked framing is broken (%1): %2.</source>
        <translation>Die Chunked-Kodierung ist fehlerhaft (%1): %2.</translation>
    </message>
    <message>
        <source>The connection closed before the last chunk: %1.</source>
        <translation>Die Verbindung wurde vor dem letzten Chunk geschlossen: %1.</translation>
    </message>
    <message>
        <source>The connection closed early: %1.</source>
        <translation>Die Verbindung wurde zu früh geschlossen: %1.</translation>
    </message>
    <message>
        <source>Reading stopped at the limit of %1.</source>
        <translation>Das Lesen endete an der Grenze von %1.</translation>
    </message>
    <message>
        <source>Stopped while the body was coming: %1.</source>
        <translation>Angehalten, während der Body kam: %1.</translation>
    </message>
    <message>
        <source>The body&apos;s %1 data ends too early or is damaged; what could be unpacked is kept.</source>
        <translation>Die %1-Daten des Bodys enden zu früh oder sind beschädigt; was sich entpacken ließ, bleibt erhalten.</translation>
    </message>
    <message>
        <source>The body is not valid %1; what could be unpacked before the fault is kept.</source>
        <translation>Der Body ist kein gültiges %1; was sich vor dem Fehler entpacken ließ, bleibt erhalten.</translation>
    </message>
    <message>
        <source>The server switched this connection to another protocol, so the exchange ends here.</source>
        <translation>Der Server hat diese Verbindung auf ein anderes Protokoll umgestellt, der Austausch endet daher hier.</translation>
    </message>
    <message>
        <source>The content coding &quot;%1&quot; is not known here; the body is shown as it came.</source>
        <translation>Die Inhaltskodierung „%1“ ist hier nicht bekannt; der Body wird so gezeigt, wie er kam.</translation>
    </message>
    <message>
        <source>The request went out %1 times: the kept connection had been closed just then. The server may have seen it more than once.</source>
        <translation>Die Anfrage wurde %1-mal gesendet: Die offen gehaltene Verbindung war gerade geschlossen worden. Der Server hat sie vielleicht mehr als einmal gesehen.</translation>
    </message>
    <message>
        <source>The answer came before the whole request was sent (%1 of %2).</source>
        <translation>Die Antwort kam, bevor die ganze Anfrage gesendet war (%1 von %2).</translation>
    </message>
    <message>
        <source>The answer&apos;s header fields are too long to be read.</source>
        <translation>Die Header-Felder der Antwort sind zu lang, um gelesen zu werden.</translation>
    </message>
    <message>
        <source>The header fields are too long to be read to their end.</source>
        <translation>Die Header-Felder sind zu lang, um bis zum Ende gelesen zu werden.</translation>
    </message>
    <message>
        <source>The request already has the field Authorization.</source>
        <translation>Die Anfrage hat das Feld Authorization schon.</translation>
    </message>
    <message>
        <source>Remove it from the request, or send without a profile.</source>
        <translation>Entfernen Sie es aus der Anfrage, oder senden Sie ohne Profil.</translation>
    </message>
    <message>
        <source>The user name or password has a character that NTLM here cannot send.</source>
        <translation>Der Benutzername oder das Passwort enthält ein Zeichen, das NTLM hier nicht senden kann.</translation>
    </message>
    <message>
        <source>Use characters of ISO-8859-1 only.</source>
        <translation>Verwenden Sie nur Zeichen aus ISO-8859-1.</translation>
    </message>
    <message>
        <source>What came after the end of the packed data was left out.</source>
        <translation>Was nach dem Ende der gepackten Daten kam, wurde weggelassen.</translation>
    </message>
</context>
<context>
    <name>TreeEdit</name>
    <message>
        <source>It is no longer in the workspace.</source>
        <translation>Das gibt es im Arbeitsbereich nicht mehr.</translation>
    </message>
    <message>
        <source>A folder cannot be put into itself.</source>
        <translation>Ein Ordner kann nicht in sich selbst gelegt werden.</translation>
    </message>
    <message>
        <source>The name is empty.</source>
        <translation>Der Name ist leer.</translation>
    </message>
    <message>
        <source>Give it a name.</source>
        <translation>Geben Sie einen Namen an.</translation>
    </message>
    <message>
        <source>%1 copy</source>
        <translation>%1 Kopie</translation>
    </message>
</context>
<context>
    <name>TypedSecret</name>
    <message>
        <source>The secret has fewer lines than the profile needs.</source>
        <translation>Das Geheimnis hat weniger Zeilen, als das Profil braucht.</translation>
    </message>
    <message>
        <source>Give each on a line of its own, in this order.</source>
        <translation>Geben Sie jedes in einer eigenen Zeile an, in dieser Reihenfolge.</translation>
    </message>
    <message>
        <source>The secret has more lines than the profile needs.</source>
        <translation>Das Geheimnis hat mehr Zeilen, als das Profil braucht.</translation>
    </message>
    <message>
        <source>Give one line for each part.</source>
        <translation>Geben Sie für jeden Teil eine Zeile an.</translation>
    </message>
</context>
<context>
    <name>UrlText</name>
    <message>
        <source>character %1</source>
        <translation>Zeichen %1</translation>
    </message>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>Ein Port ist eine Zahl von 1 bis 65535.</translation>
    </message>
    <message>
        <source>The URL is empty.</source>
        <translation>Die URL ist leer.</translation>
    </message>
    <message>
        <source>Begin with https:// or http://.</source>
        <translation>Beginnen Sie mit https:// oder http://.</translation>
    </message>
    <message>
        <source>The URL holds half a character.</source>
        <translation>Die URL enthält ein halbes Zeichen.</translation>
    </message>
    <message>
        <source>The URL has no scheme.</source>
        <translation>Die URL hat kein Schema.</translation>
    </message>
    <message>
        <source>Only http and https URLs can be sent.</source>
        <translation>Nur http- und https-URLs können gesendet werden.</translation>
    </message>
    <message>
        <source>Two slashes must follow the scheme.</source>
        <translation>Auf das Schema müssen zwei Schrägstriche folgen.</translation>
    </message>
    <message>
        <source>The URL holds two @ before its path.</source>
        <translation>Die URL enthält zwei @ vor dem Pfad.</translation>
    </message>
    <message>
        <source>Write an @ of the user name or password as %40.</source>
        <translation>Schreiben Sie ein @ in Benutzername oder Passwort als %40.</translation>
    </message>
    <message>
        <source>A backslash cannot stand before the path.</source>
        <translation>Vor dem Pfad darf kein Backslash stehen.</translation>
    </message>
    <message>
        <source>character %1 of the address the server names</source>
        <translation>Zeichen %1 der vom Server genannten Adresse</translation>
    </message>
</context>
<context>
    <name>Userinfo</name>
    <message>
        <source>userinfo endpoint</source>
        <translation>Userinfo-Endpunkt</translation>
    </message>
    <message>
        <source>Refresh the token, or log in again.</source>
        <translation>Erneuern Sie das Token, oder melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>Log in with the scope openid, and with profile or email for more.</source>
        <translation>Melden Sie sich mit dem Scope openid an, für mehr auch mit profile oder email.</translation>
    </message>
    <message>
        <source>Look at the exchange for what the server says.</source>
        <translation>Was der Server sagt, steht im Austausch.</translation>
    </message>
    <message>
        <source>The server refused the token: %1.</source>
        <translation>Der Server hat das Token abgelehnt: %1.</translation>
    </message>
    <message>
        <source>The server refused the token: %1 (%2).</source>
        <translation>Der Server hat das Token abgelehnt: %1 (%2).</translation>
    </message>
    <message>
        <source>The server&apos;s answer says that it is a JWT and is none.</source>
        <translation>Die Antwort des Servers nennt sich JWT und ist keines.</translation>
    </message>
    <message>
        <source>The server&apos;s answer is encrypted and cannot be read here.</source>
        <translation>Die Antwort des Servers ist verschlüsselt und hier nicht lesbar.</translation>
    </message>
    <message>
        <source>Let the server answer this client with JSON.</source>
        <translation>Lassen Sie den Server diesem Client mit JSON antworten.</translation>
    </message>
    <message>
        <source>The answer is a JWT (%1). Its signature was not checked: it came from the server itself.</source>
        <translation>Die Antwort ist ein JWT (%1). Seine Signatur wurde nicht geprüft: Es kam vom Server selbst.</translation>
    </message>
    <message>
        <source>The answer does not say which user it is about (sub).</source>
        <translation>Die Antwort sagt nicht, um welchen Benutzer es geht (sub).</translation>
    </message>
    <message>
        <source>Do not use what it says. Report it to those who run the server.</source>
        <translation>Verwenden Sie nicht, was sie sagt. Melden Sie es denen, die den Server betreiben.</translation>
    </message>
    <message>
        <source>The answer is about another user than the one who logged in.</source>
        <translation>Die Antwort betrifft einen anderen Benutzer als den angemeldeten.</translation>
    </message>
    <message>
        <source>Do not use what it says.</source>
        <translation>Verwenden Sie nicht, was sie sagt.</translation>
    </message>
    <message>
        <source>The answer is a JWT of another server, or for another client.</source>
        <translation>Die Antwort ist ein JWT eines anderen Servers oder für einen anderen Client.</translation>
    </message>
</context>
<context>
    <name>Variables</name>
    <message>
        <source>The variables expand to too much text.</source>
        <translation>Die Variablen ergeben aufgelöst zu viel Text.</translation>
    </message>
    <message>
        <source>Shorten the value of this variable.</source>
        <translation>Kürzen Sie den Wert dieser Variablen.</translation>
    </message>
    <message>
        <source>The variable %1 is not defined.</source>
        <translation>Die Variable %1 ist nicht definiert.</translation>
    </message>
    <message>
        <source>Define it in the environment, or choose another environment.</source>
        <translation>Definieren Sie sie in der Umgebung oder wählen Sie eine andere Umgebung.</translation>
    </message>
    <message>
        <source>The variable %1 names itself.</source>
        <translation>Die Variable %1 verweist auf sich selbst.</translation>
    </message>
    <message>
        <source>Change one of these values so that the circle ends.</source>
        <translation>Ändern Sie einen dieser Werte, damit der Kreis endet.</translation>
    </message>
    <message>
        <source>The variable %1 is nested more than %2 deep.</source>
        <translation>Die Variable %1 ist mehr als %2 Ebenen tief verschachtelt.</translation>
    </message>
    <message>
        <source>Name the final value more directly.</source>
        <translation>Nennen Sie den endgültigen Wert direkter.</translation>
    </message>
</context>
<context>
    <name>Yaml</name>
    <message>
        <source>%1, line %2</source>
        <translation>%1, Zeile %2</translation>
    </message>
    <message>
        <source>%1, line %2, column %3</source>
        <translation>%1, Zeile %2, Spalte %3</translation>
    </message>
    <message>
        <source>Correct the file in a text editor, then reload.</source>
        <translation>Berichtigen Sie die Datei in einem Texteditor, und laden Sie dann neu.</translation>
    </message>
    <message>
        <source>The file is large and holds more than plain YAML, so it is not read.</source>
        <translation>Die Datei ist groß und enthält mehr als einfaches YAML, daher wird sie nicht gelesen.</translation>
    </message>
    <message>
        <source>Split it, or write it without anchors, folded text and flow collections.</source>
        <translation>Teilen Sie sie auf oder schreiben Sie sie ohne Anker, gefalteten Text und Flow-Listen.</translation>
    </message>
    <message>
        <source>The file holds more than one YAML document.</source>
        <translation>Die Datei enthält mehr als ein YAML-Dokument.</translation>
    </message>
    <message>
        <source>Keep one document a file.</source>
        <translation>Behalten Sie ein Dokument pro Datei.</translation>
    </message>
    <message>
        <source>This is not readable YAML: %1.</source>
        <translation>Das ist kein lesbares YAML: %1.</translation>
    </message>
    <message>
        <source>The name &quot;%1&quot; stands twice in one place.</source>
        <translation>Der Name „%1“ steht zweimal an derselben Stelle.</translation>
    </message>
    <message>
        <source>The file holds more than %1 values, aliases counted.</source>
        <translation>Die Datei enthält mehr als %1 Werte, Aliase mitgezählt.</translation>
    </message>
    <message>
        <source>Split the file, or use fewer aliases.</source>
        <translation>Teilen Sie die Datei auf oder verwenden Sie weniger Aliase.</translation>
    </message>
    <message>
        <source>The file is larger than %1 MB, so it is not read.</source>
        <translation>Die Datei ist größer als %1 MB und wird daher nicht gelesen.</translation>
    </message>
    <message>
        <source>Move large bodies out of the file.</source>
        <translation>Nehmen Sie große Bodys aus der Datei heraus.</translation>
    </message>
    <message>
        <source>The file is not UTF-8 text.</source>
        <translation>Die Datei ist kein UTF-8-Text.</translation>
    </message>
    <message>
        <source>Save it as UTF-8, then reload.</source>
        <translation>Speichern Sie sie als UTF-8 und laden Sie neu.</translation>
    </message>
    <message>
        <source>The YAML is nested too deeply.</source>
        <translation>Das YAML ist zu tief verschachtelt.</translation>
    </message>
</context>
<context>
    <name>kb::AnswerBody</name>
    <message>
        <source>Pretty</source>
        <translation>Formatiert</translation>
    </message>
    <message>
        <source>Raw</source>
        <translation>Roh</translation>
    </message>
    <message>
        <source>Hex</source>
        <translation>Hex</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>How the body is shown</source>
        <translation>Darstellung des Bodys</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Find in body</source>
        <translation>Im Body suchen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the selection or the whole body</source>
        <translation>Auswahl oder ganzen Body kopieren</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Speichern…</translation>
    </message>
    <message>
        <source>Save the body to a file</source>
        <translation>Body in eine Datei speichern</translation>
    </message>
    <message>
        <source>Only JSON, XML and HTML can be indented.</source>
        <translation>Nur JSON, XML und HTML können eingerückt werden.</translation>
    </message>
    <message>
        <source>There is no body.</source>
        <translation>Es gibt keinen Body.</translation>
    </message>
    <message>
        <source>An answer to HEAD has no body.</source>
        <translation>Eine Antwort auf HEAD hat keinen Body.</translation>
    </message>
    <message>
        <source>The answer has no body.</source>
        <translation>Die Antwort hat keinen Body.</translation>
    </message>
    <message>
        <source>Indenting %1…</source>
        <translation>%1 wird eingerückt…</translation>
    </message>
    <message>
        <source>The answer&apos;s headers repeat your secret: masked.</source>
        <translation>Die Header der Antwort wiederholen Ihr Geheimnis: maskiert.</translation>
    </message>
    <message>
        <source>Your secret is shown as the server sent it. It hides again after %1 s.</source>
        <translation>Ihr Geheimnis wird so gezeigt, wie der Server es gesendet hat. Nach %1 s wird es wieder verborgen.</translation>
    </message>
    <message>
        <source>The answer repeats your secret: masked.</source>
        <translation>Die Antwort wiederholt Ihr Geheimnis: maskiert.</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Verbergen</translation>
    </message>
    <message>
        <source>Hide the secret in the body</source>
        <translation>Geheimnis im Body verbergen</translation>
    </message>
    <message>
        <source>Show the secret in the body</source>
        <translation>Geheimnis im Body anzeigen</translation>
    </message>
    <message>
        <source>Copied. The clipboard is cleared after %1 s.</source>
        <translation>Kopiert. Die Zwischenablage wird nach %1 s geleert.</translation>
    </message>
</context>
<context>
    <name>kb::AnswerError</name>
    <message>
        <source>Nothing was sent.</source>
        <translation>Es wurde nichts gesendet.</translation>
    </message>
    <message>
        <source>Allow %1 for this profile</source>
        <translation>%1 für dieses Profil erlauben</translation>
    </message>
    <message>
        <source>Allow and send</source>
        <translation>Erlauben und senden</translation>
    </message>
    <message>
        <source>Log in and send…</source>
        <translation>Anmelden und senden…</translation>
    </message>
</context>
<context>
    <name>kb::AnswerFindBar</name>
    <message>
        <source>Previous</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Find in body</source>
        <translation>Im Body suchen</translation>
    </message>
    <message>
        <source>Text to find</source>
        <translation>Suchtext</translation>
    </message>
    <message>
        <source>Shift+Enter</source>
        <translation>Umschalt+Eingabe</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Close the find bar</source>
        <translation>Suchleiste schließen</translation>
    </message>
    <message>
        <source>Escape</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Suche läuft…</translation>
    </message>
    <message>
        <source>No match</source>
        <translation>Kein Treffer</translation>
    </message>
    <message>
        <source>%1 of more than %2</source>
        <translation>%1 von mehr als %2</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
</context>
<context>
    <name>kb::AnswerHeaders</name>
    <message>
        <source>Copy all</source>
        <translation>Alle kopieren</translation>
    </message>
    <message>
        <source>Copy all headers</source>
        <translation>Alle Header kopieren</translation>
    </message>
    <message>
        <source>Before the answer: %1</source>
        <translation>Vor der Antwort: %1</translation>
    </message>
    <message>
        <source>Answer: %1</source>
        <translation>Antwort: %1</translation>
    </message>
    <message>
        <source>Trailers, after the body</source>
        <translation>Trailer, nach dem Body</translation>
    </message>
</context>
<context>
    <name>kb::AnswerHeadersModel</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
</context>
<context>
    <name>kb::AnswerPane</name>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Send the request to see its answer here.</source>
        <translation>Senden Sie die Anfrage, um hier die Antwort zu sehen.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop the request</source>
        <translation>Anfrage anhalten</translation>
    </message>
    <message>
        <source>Keep going</source>
        <translation>Weitermachen</translation>
    </message>
    <message>
        <source>Stop here and keep what came</source>
        <translation>Hier anhalten und Empfangenes behalten</translation>
    </message>
    <message>
        <source>Parts of the answer</source>
        <translation>Teile der Antwort</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>Body</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitverlauf</translation>
    </message>
    <message>
        <source>Sent request</source>
        <translation>Gesendete Anfrage</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>Wird gesendet…</translation>
    </message>
    <message>
        <source>Receiving, %1 of %2</source>
        <translation>Empfang, %1 von %2</translation>
    </message>
    <message>
        <source>Receiving, %1 so far</source>
        <translation>Empfang, bisher %1</translation>
    </message>
    <message>
        <source>Stopped at %1.</source>
        <translation>Angehalten bei %1.</translation>
    </message>
    <message>
        <source>Headers %1</source>
        <translation>Header %1</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Prüfungen</translation>
    </message>
    <message>
        <source>✓ Checks %1</source>
        <translation>✓ Prüfungen %1</translation>
    </message>
    <message>
        <source>✕ Checks %1/%2</source>
        <translation>✕ Prüfungen %1/%2</translation>
    </message>
</context>
<context>
    <name>kb::AnswerSent</name>
    <message>
        <source>Headers sent</source>
        <translation>Gesendete Header</translation>
    </message>
    <message>
        <source>Body sent</source>
        <translation>Gesendeter Body</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the request as text</source>
        <translation>Anfrage als Text kopieren</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 an %2</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>Body, %1</source>
        <translation>Body, %1</translation>
    </message>
    <message>
        <source>No body was sent.</source>
        <translation>Es wurde kein Body gesendet.</translation>
    </message>
</context>
<context>
    <name>kb::AnswerStatus</name>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Rate limit</source>
        <translation>Rate-Limit</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>From the first request to the end of the last answer.</source>
        <translation>Vom Beginn der ersten Anfrage bis zum Ende der letzten Antwort.</translation>
    </message>
    <message>
        <source>From the start of the request to the end of the answer.</source>
        <translation>Vom Beginn der Anfrage bis zum Ende der Antwort.</translation>
    </message>
    <message>
        <source>%1 (%2 on the wire)</source>
        <translation>%1 (%2 übertragen)</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Body %1, on the wire %2, headers %3.</source>
        <translation>Body %1, übertragen %2, Header %3.</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Peer address</source>
        <translation>Adresse der Gegenstelle</translation>
    </message>
    <message>
        <source>The address that answered.</source>
        <translation>Die Adresse, die geantwortet hat.</translation>
    </message>
    <message>
        <source>The address that answered, through %1.</source>
        <translation>Die Adresse, die geantwortet hat, über %1.</translation>
    </message>
    <message>
        <source>Read from %1.</source>
        <translation>Gelesen aus %1.</translation>
    </message>
    <message>
        <source>Policy: %1.</source>
        <translation>Regel: %1.</translation>
    </message>
    <message>
        <source>The unit of the reset time was guessed from its size.</source>
        <translation>Die Einheit der Rücksetzzeit wurde aus ihrer Größe erraten.</translation>
    </message>
    <message>
        <source>A hint of the server, not a promise.</source>
        <translation>Ein Hinweis des Servers, keine Zusage.</translation>
    </message>
    <message>
        <source>Rate limit: %1</source>
        <translation>Rate-Limit: %1</translation>
    </message>
</context>
<context>
    <name>kb::BodyView</name>
    <message>
        <source>Body</source>
        <translation>Body</translation>
    </message>
    <message>
        <source>That is too much for the clipboard. Save the body to a file instead.</source>
        <translation>Das ist zu viel für die Zwischenablage. Speichern Sie den Body stattdessen in eine Datei.</translation>
    </message>
    <message>
        <source>Lines %1 to %2 of %3</source>
        <translation>Zeilen %1 bis %2 von %3</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>Find…</source>
        <translation>Suchen…</translation>
    </message>
</context>
<context>
    <name>kb::CertificateRow</name>
    <message>
        <source>The file cannot be read: %1</source>
        <translation>Die Datei kann nicht gelesen werden: %1</translation>
    </message>
    <message>
        <source>The file is too large for a certificate.</source>
        <translation>Die Datei ist zu groß für ein Zertifikat.</translation>
    </message>
    <message>
        <source>Choose file…</source>
        <translation>Datei wählen…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Client certificate</source>
        <translation>Client-Zertifikat</translation>
    </message>
    <message>
        <source>Choose the client certificate&apos;s file</source>
        <translation>Datei des Client-Zertifikats wählen</translation>
    </message>
    <message>
        <source>Remove the client certificate</source>
        <translation>Client-Zertifikat entfernen</translation>
    </message>
    <message>
        <source>It is removed when you save.</source>
        <translation>Es wird beim Speichern entfernt.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keines</translation>
    </message>
    <message>
        <source>%1, until %2</source>
        <translation>%1, bis %2</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer *.p12 *.pfx);;All files (*)</source>
        <translation>Zertifikate (*.pem *.crt *.cer *.p12 *.pfx);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>%1, expired %2</source>
        <translation>%1, abgelaufen %2</translation>
    </message>
    <message>
        <source>Passphrase of %1:</source>
        <translation>Passphrase von %1:</translation>
    </message>
    <message>
        <source>Private key of the certificate</source>
        <translation>Privater Schlüssel des Zertifikats</translation>
    </message>
    <message>
        <source>Keys (*.key *.pem);;All files (*)</source>
        <translation>Schlüssel (*.key *.pem);;Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>kb::CheckResultsModel</name>
    <message>
        <source>kept as {{%1}}</source>
        <translation>behalten als {{%1}}</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>Why not</source>
        <translation>Warum nicht</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>bestanden</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>durchgefallen</translation>
    </message>
    <message>
        <source>unclear</source>
        <translation>unklar</translation>
    </message>
</context>
<context>
    <name>kb::CheckResultsView</name>
    <message>
        <source>Results of the checks</source>
        <translation>Ergebnisse der Prüfungen</translation>
    </message>
    <message>
        <source>unclear</source>
        <translation>unklar</translation>
    </message>
</context>
<context>
    <name>kb::ChecksModel</name>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>jq</source>
        <translation>jq</translation>
    </message>
    <message>
        <source>Schema</source>
        <translation>Schema</translation>
    </message>
    <message>
        <source>Keep value</source>
        <translation>Wert behalten</translation>
    </message>
    <message>
        <source>Keep jq</source>
        <translation>jq behalten</translation>
    </message>
    <message>
        <source>equals</source>
        <translation>ist gleich</translation>
    </message>
    <message>
        <source>is not</source>
        <translation>ist nicht</translation>
    </message>
    <message>
        <source>is more than</source>
        <translation>ist mehr als</translation>
    </message>
    <message>
        <source>is at least</source>
        <translation>ist mindestens</translation>
    </message>
    <message>
        <source>is less than</source>
        <translation>ist weniger als</translation>
    </message>
    <message>
        <source>is at most</source>
        <translation>ist höchstens</translation>
    </message>
    <message>
        <source>is between</source>
        <translation>liegt zwischen</translation>
    </message>
    <message>
        <source>is one of</source>
        <translation>ist eines von</translation>
    </message>
    <message>
        <source>is none of</source>
        <translation>ist keines von</translation>
    </message>
    <message>
        <source>contains</source>
        <translation>enthält</translation>
    </message>
    <message>
        <source>does not contain</source>
        <translation>enthält nicht</translation>
    </message>
    <message>
        <source>starts with</source>
        <translation>beginnt mit</translation>
    </message>
    <message>
        <source>ends with</source>
        <translation>endet mit</translation>
    </message>
    <message>
        <source>matches</source>
        <translation>passt auf</translation>
    </message>
    <message>
        <source>does not match</source>
        <translation>passt nicht auf</translation>
    </message>
    <message>
        <source>has the length</source>
        <translation>hat die Länge</translation>
    </message>
    <message>
        <source>is there</source>
        <translation>ist da</translation>
    </message>
    <message>
        <source>is not there</source>
        <translation>ist nicht da</translation>
    </message>
    <message>
        <source>is null</source>
        <translation>ist null</translation>
    </message>
    <message>
        <source>is empty</source>
        <translation>ist leer</translation>
    </message>
    <message>
        <source>is not empty</source>
        <translation>ist nicht leer</translation>
    </message>
    <message>
        <source>is true</source>
        <translation>ist wahr</translation>
    </message>
    <message>
        <source>is false</source>
        <translation>ist falsch</translation>
    </message>
    <message>
        <source>is an object or a list</source>
        <translation>ist Objekt oder Liste</translation>
    </message>
    <message>
        <source>is a number</source>
        <translation>ist eine Zahl</translation>
    </message>
    <message>
        <source>is a text</source>
        <translation>ist ein Text</translation>
    </message>
    <message>
        <source>is true or false</source>
        <translation>ist wahr oder falsch</translation>
    </message>
    <message>
        <source>is a list</source>
        <translation>ist eine Liste</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Condition</source>
        <translation>Bedingung</translation>
    </message>
    <message>
        <source>Value or variable</source>
        <translation>Wert oder Variable</translation>
    </message>
    <message>
        <source>becomes</source>
        <translation>wird zu</translation>
    </message>
    <message>
        <source>fits the body</source>
        <translation>passt zum Body</translation>
    </message>
    <message>
        <source>path of the schema in the workspace</source>
        <translation>Pfad des Schemas im Arbeitsbereich</translation>
    </message>
    <message>
        <source>variable</source>
        <translation>Variable</translation>
    </message>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>New row</source>
        <translation>Neue Zeile</translation>
    </message>
    <message>
        <source>Check %1</source>
        <translation>%1 prüfen</translation>
    </message>
</context>
<context>
    <name>kb::ChecksTab</name>
    <message>
        <source>Checks</source>
        <translation>Prüfungen</translation>
    </message>
    <message>
        <source>Add a check</source>
        <translation>Prüfung hinzufügen</translation>
    </message>
    <message>
        <source>The status is 200</source>
        <translation>Der Status ist 200</translation>
    </message>
    <message>
        <source>The status is 401 or 403</source>
        <translation>Der Status ist 401 oder 403</translation>
    </message>
    <message>
        <source>It answers within 500 ms</source>
        <translation>Die Antwort kommt in 500 ms</translation>
    </message>
    <message>
        <source>The answer is JSON</source>
        <translation>Die Antwort ist JSON</translation>
    </message>
    <message>
        <source>A member of the body is there</source>
        <translation>Ein Member des Bodys ist da</translation>
    </message>
    <message>
        <source>A cookie is set</source>
        <translation>Ein Cookie wird gesetzt</translation>
    </message>
    <message>
        <source>A jq filter gives true</source>
        <translation>Ein jq-Filter ergibt wahr</translation>
    </message>
    <message>
        <source>The body fits a JSON Schema</source>
        <translation>Der Body passt zu einem JSON-Schema</translation>
    </message>
    <message>
        <source>“Keep” gives a value to the requests after this one in a run.</source>
        <translation>„Behalten“ gibt einen Wert an die Anfragen nach dieser in einem Lauf.</translation>
    </message>
</context>
<context>
    <name>kb::CommandPalette</name>
    <message>
        <source>Go to a request, profile or action</source>
        <translation>Zu Anfrage, Profil oder Aktion gehen</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Nothing matches.</source>
        <translation>Keine Treffer.</translation>
    </message>
</context>
<context>
    <name>kb::CompareDialog</name>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1 d</translation>
    </message>
    <message>
        <source>%1 later on the right</source>
        <translation>rechts %1 später</translation>
    </message>
    <message>
        <source>%1 earlier on the right</source>
        <translation>rechts %1 früher</translation>
    </message>
    <message>
        <source>only left: %1</source>
        <translation>nur links: %1</translation>
    </message>
    <message>
        <source>only right: %1</source>
        <translation>nur rechts: %1</translation>
    </message>
    <message>
        <source>Compare tokens</source>
        <translation>Tokens vergleichen</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>Vergleichen mit</translation>
    </message>
    <message>
        <source>Show what is the same</source>
        <translation>Gleiches anzeigen</translation>
    </message>
    <message>
        <source>with</source>
        <translation>mit</translation>
    </message>
    <message>
        <source>Header and claims of both tokens</source>
        <translation>Header und Claims beider Tokens</translation>
    </message>
    <message>
        <source>Member</source>
        <translation>Member</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>There is no second token that can be read.</source>
        <translation>Es gibt kein zweites lesbares Token.</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>Claims</source>
        <translation>Claims</translation>
    </message>
    <message>
        <source>The tokens say the same.</source>
        <translation>Die Tokens sagen dasselbe.</translation>
    </message>
    <message numerus="yes">
        <source>%n member(s) differ.</source>
        <translation>
            <numerusform>%n Member weicht ab.</numerusform>
            <numerusform>%n Member weichen ab.</numerusform>
        </translation>
    </message>
    <message>
        <source>Both are decoded, not verified.</source>
        <translation>Beide sind dekodiert, nicht verifiziert.</translation>
    </message>
    <message>
        <source>= same</source>
        <translation>= gleich</translation>
    </message>
    <message>
        <source>≠ changed</source>
        <translation>≠ anders</translation>
    </message>
    <message>
        <source>← only left</source>
        <translation>← nur links</translation>
    </message>
    <message>
        <source>→ only right</source>
        <translation>→ nur rechts</translation>
    </message>
</context>
<context>
    <name>kb::ConflictBar</name>
    <message>
        <source>Keep mine</source>
        <translation>Meine behalten</translation>
    </message>
    <message>
        <source>Take theirs</source>
        <translation>Die anderen nehmen</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Another program changed this request where you did, too. All else is merged. Which of these are to count?</source>
        <translation>Ein anderes Programm hat diese Anfrage an denselben Stellen geändert wie Sie. Alles andere ist zusammengeführt. Welche Werte sollen gelten?</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Meine</translation>
    </message>
    <message>
        <source>Theirs, on disk</source>
        <translation>Die anderen, in der Datei</translation>
    </message>
    <message>
        <source>(removed)</source>
        <translation>(entfernt)</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>und %n weitere</numerusform>
            <numerusform>und %n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::CountTile</name>
    <message>
        <source>Shows these rows; once more shows all</source>
        <translation>Zeigt diese Zeilen; noch einmal zeigt alle</translation>
    </message>
</context>
<context>
    <name>kb::DiscoveryDialog</name>
    <message>
        <source>Where the tokens come from</source>
        <translation>Woher die Token kommen</translation>
    </message>
    <message>
        <source>Authorization server</source>
        <translation>Autorisierungsserver</translation>
    </message>
    <message>
        <source>Nothing has been sent to it. If you know it and trust it, it is asked for its addresses. A profile is made only after you have looked at it.</source>
        <translation>Es wurde noch nichts dorthin gesendet. Wenn Sie ihn kennen und ihm vertrauen, wird er nach seinen Adressen gefragt. Ein Profil entsteht erst, wenn Sie es angesehen haben.</translation>
    </message>
    <message>
        <source>Ask this server</source>
        <translation>Diesen Server fragen</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Asking %1…</source>
        <translation>%1 wird gefragt …</translation>
    </message>
    <message>
        <source>The API describes itself and names no authorization server.</source>
        <translation>Die API beschreibt sich und nennt keinen Autorisierungsserver.</translation>
    </message>
    <message>
        <source>Enter the issuer by hand in a new profile.</source>
        <translation>Geben Sie den Aussteller in einem neuen Profil von Hand ein.</translation>
    </message>
    <message>
        <source>%1 says that its tokens come from here:</source>
        <translation>%1 sagt, dass die Token von hier kommen:</translation>
    </message>
    <message>
        <source>It knows the scopes %1.</source>
        <translation>Bekannte Scopes: %1.</translation>
    </message>
    <message>
        <source>Register there</source>
        <translation>Dort registrieren</translation>
    </message>
    <message>
        <source>I have a client id</source>
        <translation>Ich habe eine Client-ID</translation>
    </message>
    <message>
        <source>A login there needs a client id. %1 lets programs register themselves: it then knows this one as a client of the name Keybearer.</source>
        <translation>Eine Anmeldung dort braucht eine Client-ID. Bei %1 können sich Programme selbst registrieren: Der Server kennt dieses dann als Client mit dem Namen Keybearer.</translation>
    </message>
</context>
<context>
    <name>kb::DoctorPanel</name>
    <message>
        <source>Not decided. What would decide it:</source>
        <translation>Nicht entschieden. Was es entscheiden würde:</translation>
    </message>
    <message>
        <source>Copy explanation</source>
        <translation>Erklärung kopieren</translation>
    </message>
</context>
<context>
    <name>kb::EditTable</name>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>kb::EnvironmentDialog</name>
    <message>
        <source>Environments</source>
        <translation>Umgebungen</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>Umgebung</translation>
    </message>
    <message>
        <source>Variable</source>
        <translation>Variable</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>Variablen</translation>
    </message>
    <message>
        <source>New…</source>
        <translation>Neu…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Add variable</source>
        <translation>Variable hinzufügen</translation>
    </message>
    <message>
        <source>There is no environment yet. Make one to hold variables such as baseUrl.</source>
        <translation>Es gibt noch keine Umgebung. Legen Sie eine an, um Variablen wie baseUrl aufzunehmen.</translation>
    </message>
    <message>
        <source>New environment</source>
        <translation>Neue Umgebung</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>An environment needs a name.</source>
        <translation>Eine Umgebung braucht einen Namen.</translation>
    </message>
    <message>
        <source>%1 exists already.</source>
        <translation>%1 gibt es bereits.</translation>
    </message>
    <message>
        <source>%1 still holds variables. Remove them first.</source>
        <translation>%1 enthält noch Variablen. Entfernen Sie diese zuerst.</translation>
    </message>
    <message>
        <source>Colour…</source>
        <translation>Farbe…</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>In production, requests that may change something are asked about first.</source>
        <translation>In der Produktion wird vor Anfragen, die etwas ändern können, gefragt.</translation>
    </message>
    <message>
        <source>Not said</source>
        <translation>Nicht angegeben</translation>
    </message>
    <message>
        <source>Local</source>
        <translation>Lokal</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Staging</source>
        <translation>Staging</translation>
    </message>
    <message>
        <source>Production</source>
        <translation>Produktion</translation>
    </message>
    <message>
        <source>Based on</source>
        <translation>Beruht auf</translation>
    </message>
    <message>
        <source>.env file</source>
        <translation>.env-Datei</translation>
    </message>
    <message>
        <source>a path in the workspace&apos;s folder, such as .env</source>
        <translation>ein Pfad im Ordner des Arbeitsbereichs, etwa .env</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Nichts</translation>
    </message>
    <message>
        <source>Secret variable</source>
        <translation>Geheime Variable</translation>
    </message>
    <message>
        <source>May go to</source>
        <translation>Darf gehen an</translation>
    </message>
    <message>
        <source>Secret variables</source>
        <translation>Geheime Variablen</translation>
    </message>
    <message>
        <source>Make secret…</source>
        <translation>Geheim machen…</translation>
    </message>
    <message>
        <source>The chosen variable, or a new one. The value goes into the keychain, not into the file.</source>
        <translation>Die gewählte Variable oder eine neue. Der Wert kommt in den Schlüsselbund, nicht in die Datei.</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Ändern…</translation>
    </message>
    <message>
        <source>Delete secret</source>
        <translation>Geheimnis löschen</translation>
    </message>
    <message>
        <source>The value of %1 looks like a secret (%2). Environments are saved as plain files: make it secret, or keep it in a token profile.</source>
        <translation>Der Wert von %1 sieht wie ein Geheimnis aus (%2). Umgebungen werden als einfache Dateien gespeichert: Machen Sie ihn geheim, oder bewahren Sie ihn in einem Token-Profil auf.</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>noch keiner</translation>
    </message>
    <message>
        <source>until the end</source>
        <translation>bis zum Ende</translation>
    </message>
    <message>
        <source>in the keychain</source>
        <translation>im Schlüsselbund</translation>
    </message>
    <message>
        <source>nowhere yet</source>
        <translation>noch nirgends</translation>
    </message>
</context>
<context>
    <name>kb::EveryoneModel</name>
    <message>
        <source>No answer came.</source>
        <translation>Es kam keine Antwort.</translation>
    </message>
    <message>
        <source>%1 get in, %2 do not</source>
        <translation>%1 kommen hinein, %2 nicht</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Wer</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>…</source>
        <translation>…</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>keine Antwort</translation>
    </message>
    <message>
        <source>%1, the same as %2</source>
        <translation>%1, dieselbe wie %2</translation>
    </message>
    <message>
        <source>gets in</source>
        <translation>kommt hinein</translation>
    </message>
    <message>
        <source>401 or 403</source>
        <translation>401 oder 403</translation>
    </message>
    <message>
        <source>403 or 404</source>
        <translation>403 oder 404</translation>
    </message>
    <message>
        <source>not decided</source>
        <translation>nicht entschieden</translation>
    </message>
    <message numerus="yes">
        <source>; %n not as expected</source>
        <translation>
            <numerusform>; %n nicht wie erwartet</numerusform>
            <numerusform>; %n nicht wie erwartet</numerusform>
        </translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Erwartet</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
</context>
<context>
    <name>kb::EveryoneWindow</name>
    <message>
        <source>Send as everyone — Keybearer</source>
        <translation>Als alle senden — Keybearer</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Send as everyone</source>
        <translation>Als alle senden</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Who gets in</source>
        <translation>Wer hineinkommt</translation>
    </message>
    <message>
        <source>This may change something</source>
        <translation>Das kann etwas ändern</translation>
    </message>
    <message>
        <source>%1 would be done as each identity, in production.</source>
        <translation>%1 würde als jede Identität ausgeführt, in der Produktion.</translation>
    </message>
    <message>
        <source>%1 would be done as each identity.</source>
        <translation>%1 würde als jede Identität ausgeführt.</translation>
    </message>
    <message>
        <source>Anonymous</source>
        <translation>Anonym</translation>
    </message>
    <message>
        <source>The profile is gone.</source>
        <translation>Das Profil ist nicht mehr da.</translation>
    </message>
    <message>
        <source>Sent as nobody and as each profile: who gets in, who does not, and why.</source>
        <translation>Gesendet als niemand und als jedes Profil: wer hineinkommt, wer nicht, und warum.</translation>
    </message>
</context>
<context>
    <name>kb::ExpectDialog</name>
    <message>
        <source>What is expected</source>
        <translation>Was erwartet wird</translation>
    </message>
    <message>
        <source>This cell: %1</source>
        <translation>Diese Zelle: %1</translation>
    </message>
    <message>
        <source>The row: %1</source>
        <translation>Die Zeile: %1</translation>
    </message>
    <message>
        <source>The column: %1</source>
        <translation>Die Spalte: %1</translation>
    </message>
    <message>
        <source>what the rules and the document say</source>
        <translation>was die Regeln und das Dokument sagen</translation>
    </message>
    <message>
        <source>Why, for those who read it later</source>
        <translation>Warum, für alle, die es später lesen</translation>
    </message>
    <message>
        <source>For</source>
        <translation>Für</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Erwartet</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
</context>
<context>
    <name>kb::ExpiryTray</name>
    <message>
        <source>No token has an end that is known</source>
        <translation>Von keinem Token ist ein Ende bekannt</translation>
    </message>
    <message>
        <source>Show Keybearer</source>
        <translation>Keybearer zeigen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
</context>
<context>
    <name>kb::FolderDialog</name>
    <message>
        <source>Folder %1</source>
        <translation>Ordner %1</translation>
    </message>
    <message>
        <source>Workspace %1</source>
        <translation>Arbeitsbereich %1</translation>
    </message>
    <message>
        <source>Requests below are sent as</source>
        <translation>Die Anfragen darunter werden gesendet als</translation>
    </message>
    <message>
        <source>Whoever the folder above says</source>
        <translation>Wen der Ordner darüber nennt</translation>
    </message>
    <message>
        <source>Anonymous, unless a request says who</source>
        <translation>Anonym, wenn eine Anfrage nicht sagt, als wer</translation>
    </message>
    <message>
        <source>Anonymous</source>
        <translation>Anonym</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>Headers of each request below that has none of the name</source>
        <translation>Header jeder Anfrage darunter, die keinen dieses Namens hat</translation>
    </message>
    <message>
        <source>Variables of this folder; they win over the environment&apos;s</source>
        <translation>Variablen dieses Ordners; sie gehen denen der Umgebung vor</translation>
    </message>
    <message>
        <source>Variables; those of the environment win over them</source>
        <translation>Variablen; die der Umgebung gehen ihnen vor</translation>
    </message>
    <message>
        <source>%1, which is not here</source>
        <translation>%1, das nicht hier ist</translation>
    </message>
</context>
<context>
    <name>kb::ForgedDialog</name>
    <message>
        <source>Forged identities</source>
        <translation>Gefälschte Identitäten</translation>
    </message>
    <message>
        <source>Each is a column of the matrix: the identity&apos;s credential, spoilt in memory for each request. A good API turns all of them away. They are sent to local, test and staging servers only.</source>
        <translation>Jede ist eine Spalte der Matrix: die Zugangsdaten der Identität, für jede Anfrage im Speicher verfälscht. Eine gute API weist sie alle ab. Sie gehen nur an lokale, Test- und Staging-Server.</translation>
    </message>
</context>
<context>
    <name>kb::GrantPanel</name>
    <message>
        <source>Refresh now</source>
        <translation>Jetzt erneuern</translation>
    </message>
    <message>
        <source>Gets a new token without asking anybody.</source>
        <translation>Holt ein neues Token, ohne jemanden zu fragen.</translation>
    </message>
    <message>
        <source>Log in…</source>
        <translation>Anmelden…</translation>
    </message>
    <message>
        <source>Gets a new token as the profile says, in the browser if need be.</source>
        <translation>Holt ein neues Token, wie es das Profil vorsieht, nötigenfalls im Browser.</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>Widerrufen</translation>
    </message>
    <message>
        <source>Ends the token at the server and takes it out of the keychain.</source>
        <translation>Beendet das Token beim Server und entfernt es aus dem Schlüsselbund.</translation>
    </message>
    <message>
        <source>Rotate…</source>
        <translation>Rotieren…</translation>
    </message>
    <message>
        <source>For a compromised token: revokes it, wipes it, and obtains a new one.</source>
        <translation>Für ein kompromittiertes Token: widerruft es, löscht es und holt ein neues.</translation>
    </message>
    <message>
        <source>Ask the server</source>
        <translation>Server fragen</translation>
    </message>
    <message>
        <source>Asks the server what it knows of the token.</source>
        <translation>Fragt den Server, was er über das Token weiß.</translation>
    </message>
    <message>
        <source>Kept as it is on purpose: %1. It is never refreshed.</source>
        <translation>Bleibt absichtlich, wie es ist: %1. Es wird nie erneuert.</translation>
    </message>
    <message>
        <source>Refreshes by itself %1 s before expiry.</source>
        <translation>Erneuert sich von selbst %1 s vor dem Ablauf.</translation>
    </message>
    <message>
        <source>Can be refreshed; does not do so by itself.</source>
        <translation>Kann erneuert werden; geschieht nicht von selbst.</translation>
    </message>
    <message>
        <source>A new token needs a login.</source>
        <translation>Ein neues Token braucht eine Anmeldung.</translation>
    </message>
    <message>
        <source>The server says: this token is active.</source>
        <translation>Der Server sagt: Dieses Token ist aktiv.</translation>
    </message>
    <message>
        <source>The server says: this token is not active.</source>
        <translation>Der Server sagt: Dieses Token ist nicht aktiv.</translation>
    </message>
    <message>
        <source>The login was given up.</source>
        <translation>Die Anmeldung wurde aufgegeben.</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Show all…</source>
        <translation>Alle zeigen…</translation>
    </message>
    <message>
        <source>All that is known to have happened to this profile.</source>
        <translation>Alles, was über dieses Profil bekannt ist.</translation>
    </message>
    <message>
        <source>Whoever has the old token can still use it. Tell those who run the server.</source>
        <translation>Wer das alte Token hat, kann es noch benutzen. Sagen Sie es denen, die den Server betreiben.</translation>
    </message>
    <message>
        <source>The server says whom the token stands for:</source>
        <translation>Der Server sagt, für wen das Token steht:</translation>
    </message>
    <message numerus="yes">
        <source>and %n more.</source>
        <translation>
            <numerusform>und %n weitere.</numerusform>
            <numerusform>und %n weitere.</numerusform>
        </translation>
    </message>
    <message>
        <source>Who is it?</source>
        <translation>Wer ist das?</translation>
    </message>
    <message>
        <source>Asks the server which user the token stands for (userinfo).</source>
        <translation>Fragt den Server, für welchen Benutzer das Token steht (Userinfo).</translation>
    </message>
    <message>
        <source>Registration…</source>
        <translation>Registrierung…</translation>
    </message>
    <message>
        <source>What the server keeps of the client that was registered from here.</source>
        <translation>Was der Server von dem Client gespeichert hat, der von hier aus registriert wurde.</translation>
    </message>
    <message>
        <source>The old token is still kept in: %1.</source>
        <translation>Das alte Token liegt noch in: %1.</translation>
    </message>
</context>
<context>
    <name>kb::GrantRunner</name>
    <message>
        <source>This profile&apos;s token cannot be renewed here.</source>
        <translation>Das Token dieses Profils kann hier nicht erneuert werden.</translation>
    </message>
</context>
<context>
    <name>kb::HeaderListView</name>
    <message>
        <source>Headers</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>Alle kopieren</translation>
    </message>
</context>
<context>
    <name>kb::HeadersModel</name>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>from the profile %1</source>
        <translation>aus dem Profil %1</translation>
    </message>
    <message>
        <source>replaced by your row</source>
        <translation>durch Ihre Zeile ersetzt</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>weggelassen</translation>
    </message>
    <message>
        <source>added by default</source>
        <translation>standardmäßig hinzugefügt</translation>
    </message>
    <message>
        <source>Add %1 by default</source>
        <translation>%1 standardmäßig hinzufügen</translation>
    </message>
    <message>
        <source>New row</source>
        <translation>Neue Zeile</translation>
    </message>
    <message>
        <source>Send %1</source>
        <translation>%1 senden</translation>
    </message>
    <message>
        <source>name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
</context>
<context>
    <name>kb::HistoryModel</name>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>As</source>
        <translation>Als</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>anonymous</source>
        <translation>anonym</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
</context>
<context>
    <name>kb::HistoryWindow</name>
    <message>
        <source>History — Keybearer</source>
        <translation>Verlauf — Keybearer</translation>
    </message>
    <message>
        <source>Look for a part of an address or of an answer</source>
        <translation>Nach einem Teil einer Adresse oder Antwort suchen</translation>
    </message>
    <message>
        <source>Look for</source>
        <translation>Suchen nach</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Every status</source>
        <translation>Jeder Status</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>Sent as</source>
        <translation>Gesendet als</translation>
    </message>
    <message>
        <source>Every profile</source>
        <translation>Jedes Profil</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>Angeheftet</translation>
    </message>
    <message>
        <source>Exchanges</source>
        <translation>Austausche</translation>
    </message>
    <message>
        <source>The exchange</source>
        <translation>Der Austausch</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Older</source>
        <translation>Älter</translation>
    </message>
    <message>
        <source>Newer</source>
        <translation>Neuer</translation>
    </message>
    <message>
        <source>How the two answers differ</source>
        <translation>Worin sich die beiden Antworten unterscheiden</translation>
    </message>
    <message>
        <source>Open as it was</source>
        <translation>Öffnen, wie sie war</translation>
    </message>
    <message>
        <source>Open the saved request</source>
        <translation>Gespeicherte Anfrage öffnen</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>Anheften</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete all…</source>
        <translation>Alles löschen…</translation>
    </message>
    <message>
        <source>The history is switched off in the settings.</source>
        <translation>Der Verlauf ist in den Einstellungen ausgeschaltet.</translation>
    </message>
    <message numerus="yes">
        <source>The newest %n.</source>
        <translation>
            <numerusform>Die neuesten %n.</numerusform>
            <numerusform>Die neuesten %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n exchange(s). Secrets are masked.</source>
        <translation>
            <numerusform>%n Austausch. Geheimnisse sind maskiert.</numerusform>
            <numerusform>%n Austausche. Geheimnisse sind maskiert.</numerusform>
        </translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>(The rest is not kept.)</source>
        <translation>(Der Rest wird nicht aufbewahrt.)</translation>
    </message>
    <message>
        <source>The two answers are the same.</source>
        <translation>Die beiden Antworten sind gleich.</translation>
    </message>
    <message>
        <source>Delete the history</source>
        <translation>Den Verlauf löschen</translation>
    </message>
    <message>
        <source>All exchanges are deleted for good, pinned ones too.</source>
        <translation>Alle Austausche werden endgültig gelöscht, auch angeheftete.</translation>
    </message>
    <message>
        <source>Delete all</source>
        <translation>Alle löschen</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Host</translation>
    </message>
    <message>
        <source>Every host</source>
        <translation>Jeder Host</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Jederzeit</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>The last %1 days</source>
        <translation>Die letzten %1 Tage</translation>
    </message>
</context>
<context>
    <name>kb::HopChooser</name>
    <message>
        <source>Hop</source>
        <translation>Hop</translation>
    </message>
    <message>
        <source>%1: %2, %3</source>
        <translation>%1: %2, %3</translation>
    </message>
</context>
<context>
    <name>kb::ImportDialog</name>
    <message>
        <source>Import requests</source>
        <translation>Anfragen importieren</translation>
    </message>
    <message>
        <source>Paste curl commands or a collection, or name a file, a folder or an address: OpenAPI, Postman, Insomnia, Bruno, OpenCollection, HAR, .http.</source>
        <translation>Fügen Sie curl-Befehle oder eine Sammlung ein, oder nennen Sie eine Datei, einen Ordner oder eine Adresse: OpenAPI, Postman, Insomnia, Bruno, OpenCollection, HAR, .http.</translation>
    </message>
    <message>
        <source>File, folder or address</source>
        <translation>Datei, Ordner oder Adresse</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>Datei…</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner…</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>Pasted commands or collection</source>
        <translation>Eingefügte Befehle oder Sammlung</translation>
    </message>
    <message>
        <source>What will be made</source>
        <translation>Was entsteht</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Keep secrets in</source>
        <translation>Geheimnisse aufbewahren in</translation>
    </message>
    <message>
        <source>the keychain</source>
        <translation>dem Schlüsselbund</translation>
    </message>
    <message>
        <source>memory, until Keybearer closes</source>
        <translation>dem Speicher, bis Keybearer schließt</translation>
    </message>
    <message>
        <source>Where secrets are kept</source>
        <translation>Wo Geheimnisse liegen</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Import a folder</source>
        <translation>Einen Ordner importieren</translation>
    </message>
    <message>
        <source>Import a file</source>
        <translation>Eine Datei importieren</translation>
    </message>
    <message>
        <source>Pasted</source>
        <translation>Eingefügt</translation>
    </message>
    <message>
        <source>Files cannot be read here. Paste the text.</source>
        <translation>Dateien können hier nicht gelesen werden. Fügen Sie den Text ein.</translation>
    </message>
    <message>
        <source>The address answered %1.</source>
        <translation>Die Adresse antwortete mit %1.</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <source>Environments</source>
        <translation>Umgebungen</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>Profile</translation>
    </message>
    <message>
        <source>no secret yet</source>
        <translation>noch kein Geheimnis</translation>
    </message>
    <message>
        <source>its secret was found</source>
        <translation>sein Geheimnis wurde gefunden</translation>
    </message>
    <message>
        <source>To know</source>
        <translation>Gut zu wissen</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n Anfrage</numerusform>
            <numerusform>%n Anfragen</numerusform>
        </translation>
    </message>
    <message>
        <source>Read the address as</source>
        <translation>Adresse lesen als</translation>
    </message>
    <message>
        <source>Who reads the document, where its address asks for a credential</source>
        <translation>Wer das Dokument liest, wenn seine Adresse Zugangsdaten verlangt</translation>
    </message>
    <message>
        <source>as nobody</source>
        <translation>als niemand</translation>
    </message>
    <message>
        <source>as %1</source>
        <translation>als %1</translation>
    </message>
    <message>
        <source>New requests</source>
        <translation>Neue Anfragen</translation>
    </message>
    <message>
        <source>Changed in the document</source>
        <translation>Im Dokument geändert</translation>
    </message>
    <message>
        <source>Changed, with your edits kept</source>
        <translation>Geändert, Ihre Änderungen bleiben</translation>
    </message>
    <message>
        <source>No longer in the document, and kept</source>
        <translation>Nicht mehr im Dokument, bleibt bestehen</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) as before</source>
        <translation>
            <numerusform>%n Anfrage wie bisher</numerusform>
            <numerusform>%n Anfragen wie bisher</numerusform>
        </translation>
    </message>
    <message>
        <source>Secret variables</source>
        <translation>Geheime Variablen</translation>
    </message>
    <message>
        <source>every environment</source>
        <translation>jede Umgebung</translation>
    </message>
    <message>
        <source>no value yet</source>
        <translation>noch kein Wert</translation>
    </message>
    <message>
        <source>its value was found</source>
        <translation>der Wert wurde gefunden</translation>
    </message>
    <message>
        <source>Variables: %1</source>
        <translation>Variablen: %1</translation>
    </message>
</context>
<context>
    <name>kb::KeysEdit</name>
    <message>
        <source>Add a key…</source>
        <translation>Schlüssel hinzufügen…</translation>
    </message>
    <message>
        <source>Add an API key that goes along</source>
        <translation>Einen API-Schlüssel hinzufügen, der mitgeht</translation>
    </message>
    <message>
        <source>For an API that wants an API key and another credential at once.</source>
        <translation>Für eine API, die einen API-Schlüssel und einen weiteren Ausweis zugleich verlangt.</translation>
    </message>
    <message>
        <source>In a header</source>
        <translation>In einem Header</translation>
    </message>
    <message>
        <source>In the query</source>
        <translation>In der Query</translation>
    </message>
    <message>
        <source>In a cookie</source>
        <translation>In einem Cookie</translation>
    </message>
    <message>
        <source>Where this key goes</source>
        <translation>Wohin dieser Schlüssel kommt</translation>
    </message>
    <message>
        <source>Name of this key&apos;s field</source>
        <translation>Name des Felds für diesen Schlüssel</translation>
    </message>
    <message>
        <source>This key</source>
        <translation>Dieser Schlüssel</translation>
    </message>
    <message>
        <source>Remove this key</source>
        <translation>Diesen Schlüssel entfernen</translation>
    </message>
    <message>
        <source>Leave empty to keep it</source>
        <translation>Leer lassen, um ihn zu behalten</translation>
    </message>
    <message>
        <source>Paste the key</source>
        <translation>Schlüssel einfügen</translation>
    </message>
    <message>
        <source>None in this environment: paste it</source>
        <translation>In dieser Umgebung fehlt er: einfügen</translation>
    </message>
</context>
<context>
    <name>kb::LoginDialog</name>
    <message>
        <source>Log in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Address to log in at</source>
        <translation>Adresse zum Anmelden</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Give up</source>
        <translation>Aufgeben</translation>
    </message>
    <message>
        <source>Log in in the browser that has opened. This goes on by itself afterwards.</source>
        <translation>Melden Sie sich im Browser an, der sich geöffnet hat. Danach geht es hier von selbst weiter.</translation>
    </message>
    <message>
        <source>No browser could be started. Open this address in one on this machine.</source>
        <translation>Es konnte kein Browser gestartet werden. Öffnen Sie diese Adresse auf diesem Rechner in einem Browser.</translation>
    </message>
    <message>
        <source>Open this address on any device and enter the code.</source>
        <translation>Öffnen Sie diese Adresse auf einem beliebigen Gerät, und geben Sie den Code ein.</translation>
    </message>
    <message>
        <source>Open this address on any device, or scan it. Go on only if the page shows the same code.</source>
        <translation>Öffnen Sie diese Adresse auf einem beliebigen Gerät, oder scannen Sie sie. Machen Sie nur weiter, wenn die Seite denselben Code zeigt.</translation>
    </message>
    <message>
        <source>Code: %1</source>
        <translation>Code: %1</translation>
    </message>
    <message>
        <source>QR code of the address</source>
        <translation>QR-Code der Adresse</translation>
    </message>
</context>
<context>
    <name>kb::MainWindow</name>
    <message>
        <source>%1 was deleted. Its secret leaves the keychain in %2 seconds.</source>
        <translation>%1 wurde gelöscht. Das Geheimnis wird in %2 Sekunden aus dem Schlüsselbund entfernt.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>The system clock was moved by %1 s. Times go on as before.</source>
        <translation>Die Systemuhr wurde um %1 s verstellt. Die Zeiten laufen weiter wie bisher.</translation>
    </message>
    <message>
        <source>Use the new time</source>
        <translation>Neue Zeit verwenden</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Edit environments…</source>
        <translation>Umgebungen bearbeiten…</translation>
    </message>
    <message>
        <source>Environment: %1</source>
        <translation>Umgebung: %1</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Keychain unlocked: %1</source>
        <translation>Schlüsselbund entsperrt: %1</translation>
    </message>
    <message>
        <source>Keychain locked: %1</source>
        <translation>Schlüsselbund gesperrt: %1</translation>
    </message>
    <message>
        <source>No keychain: secrets can be kept in memory only</source>
        <translation>Kein Schlüsselbund: Geheimnisse bleiben nur im Arbeitsspeicher</translation>
    </message>
    <message>
        <source>Looking for the keychain…</source>
        <translation>Schlüsselbund wird gesucht…</translation>
    </message>
    <message numerus="yes">
        <source>%n profile(s)</source>
        <translation>
            <numerusform>%n Profil</numerusform>
            <numerusform>%n Profile</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n profile(s), %1 expired</source>
        <translation>
            <numerusform>%n Profil, %1 abgelaufen</numerusform>
            <numerusform>%n Profile, %1 abgelaufen</numerusform>
        </translation>
    </message>
    <message>
        <source>Practice API at %1</source>
        <translation>Übungs-API unter %1</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>Nicht gespeichert</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>%1 was closed with changes that are not saved.</source>
        <translation>%1 wurde mit nicht gespeicherten Änderungen geschlossen.</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>Wieder öffnen</translation>
    </message>
    <message>
        <source>%1 was deleted.</source>
        <translation>%1 wurde gelöscht.</translation>
    </message>
    <message>
        <source>%1 copy</source>
        <translation>%1 Kopie</translation>
    </message>
    <message>
        <source>Open workspace</source>
        <translation>Arbeitsbereich öffnen</translation>
    </message>
    <message>
        <source>%1 is not a workspace yet.</source>
        <translation>%1 ist noch kein Arbeitsbereich.</translation>
    </message>
    <message>
        <source>Make one here</source>
        <translation>Hier einen anlegen</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Send as %1</source>
        <translation>Senden als %1</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>New request</source>
        <translation>Neue Anfrage</translation>
    </message>
    <message>
        <source>Open workspace…</source>
        <translation>Arbeitsbereich öffnen…</translation>
    </message>
    <message>
        <source>Open practice workspace</source>
        <translation>Übungs-Arbeitsbereich öffnen</translation>
    </message>
    <message>
        <source>Save request</source>
        <translation>Anfrage speichern</translation>
    </message>
    <message>
        <source>Close request</source>
        <translation>Anfrage schließen</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Ausschneiden</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Go to…</source>
        <translation>Gehe zu…</translation>
    </message>
    <message>
        <source>Filter requests</source>
        <translation>Anfragen filtern</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>Nächster Bereich</translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation>Vorheriger Bereich</translation>
    </message>
    <message>
        <source>Profile panel</source>
        <translation>Profilbereich</translation>
    </message>
    <message>
        <source>&amp;Request</source>
        <translation>A&amp;nfrage</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Go to the URL</source>
        <translation>Zur URL gehen</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Duplizieren</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>&amp;Profiles</source>
        <translation>&amp;Profile</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>Neues Profil…</translation>
    </message>
    <message>
        <source>Edit profile…</source>
        <translation>Profil bearbeiten…</translation>
    </message>
    <message>
        <source>Look for the keychain again</source>
        <translation>Schlüsselbund erneut suchen</translation>
    </message>
    <message>
        <source>Send as profile %1</source>
        <translation>Senden als Profil %1</translation>
    </message>
    <message>
        <source>Send as anonymous</source>
        <translation>Anonym senden</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>About Keybearer</source>
        <translation>Über Keybearer</translation>
    </message>
    <message>
        <source>Keybearer %1

An API client with tokens at its heart.
Free software under the GNU General Public License, version 3 or later.</source>
        <translation>Keybearer %1

Ein API-Client, der Tokens in den Mittelpunkt stellt.
Freie Software unter der GNU General Public License, Version 3 oder neuer.</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>Arbeitsbereich</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>Umgebung</translation>
    </message>
    <message>
        <source>Go to request, profile or action   Ctrl+K</source>
        <translation>Zu Anfrage, Profil oder Aktion gehen   Strg+K</translation>
    </message>
    <message>
        <source>Go to a request, profile or action</source>
        <translation>Zu Anfrage, Profil oder Aktion gehen</translation>
    </message>
    <message>
        <source>Open requests</source>
        <translation>Offene Anfragen</translation>
    </message>
    <message>
        <source>New profile in memory…</source>
        <translation>Neues Profil im Arbeitsspeicher…</translation>
    </message>
    <message>
        <source>There is no token to move.</source>
        <translation>Es gibt kein Token zum Verschieben.</translation>
    </message>
    <message>
        <source>Duplicate profile</source>
        <translation>Profil duplizieren</translation>
    </message>
    <message>
        <source>Colour of the profile…</source>
        <translation>Farbe des Profils…</translation>
    </message>
    <message>
        <source>Move profile up</source>
        <translation>Profil nach oben</translation>
    </message>
    <message>
        <source>Move profile down</source>
        <translation>Profil nach unten</translation>
    </message>
    <message>
        <source>Delete profile</source>
        <translation>Profil löschen</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) were never saved.</source>
        <translation>
            <numerusform>%n Anfrage wurde nie gespeichert.</numerusform>
            <numerusform>%n Anfragen wurden nie gespeichert.</numerusform>
        </translation>
    </message>
    <message>
        <source>Close without saving</source>
        <translation>Schließen, ohne zu speichern</translation>
    </message>
    <message>
        <source>Save and close</source>
        <translation>Speichern und schließen</translation>
    </message>
    <message>
        <source>There is no second profile with a JWT to compare with.</source>
        <translation>Es gibt kein zweites Profil mit einem JWT zum Vergleichen.</translation>
    </message>
    <message>
        <source>Compare the token…</source>
        <translation>Token vergleichen…</translation>
    </message>
    <message>
        <source>&amp;Access</source>
        <translation>&amp;Zugriff</translation>
    </message>
    <message>
        <source>Access matrix…</source>
        <translation>Zugriffsmatrix…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>Kopieren als</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) imported.</source>
        <translation>
            <numerusform>%n Anfrage importiert.</numerusform>
            <numerusform>%n Anfragen importiert.</numerusform>
        </translation>
    </message>
    <message>
        <source>Copied as %1. Its secret is an environment variable.</source>
        <translation>Kopiert als %1. Das Geheimnis ist eine Umgebungsvariable.</translation>
    </message>
    <message>
        <source>Export requests</source>
        <translation>Anfragen exportieren</translation>
    </message>
    <message>
        <source>All requests of the workspace as:</source>
        <translation>Alle Anfragen des Arbeitsbereichs als:</translation>
    </message>
    <message>
        <source>Exported. Secrets are environment variables in it.</source>
        <translation>Exportiert. Geheimnisse sind darin Umgebungsvariablen.</translation>
    </message>
    <message>
        <source>Exported, but: %1</source>
        <translation>Exportiert, aber: %1</translation>
    </message>
    <message>
        <source>History…</source>
        <translation>Verlauf…</translation>
    </message>
    <message>
        <source>⚠ Production: %1</source>
        <translation>⚠ Produktion: %1</translation>
    </message>
    <message>
        <source>Run requests…</source>
        <translation>Anfragen ausführen…</translation>
    </message>
    <message>
        <source>Folder settings…</source>
        <translation>Ordnereinstellungen…</translation>
    </message>
    <message>
        <source>Workspace settings…</source>
        <translation>Arbeitsbereichseinstellungen…</translation>
    </message>
    <message>
        <source>Send as everyone…</source>
        <translation>Als alle senden…</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>Neuer Ordner</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n Eintrag</numerusform>
            <numerusform>%n Einträge</numerusform>
        </translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>Es gibt nichts rückgängig zu machen.</translation>
    </message>
    <message>
        <source>Undone: %1</source>
        <translation>Rückgängig gemacht: %1</translation>
    </message>
    <message>
        <source>There is nothing to redo.</source>
        <translation>Es gibt nichts zu wiederholen.</translation>
    </message>
    <message>
        <source>Done again: %1</source>
        <translation>Wiederholt: %1</translation>
    </message>
    <message numerus="yes">
        <source>Edits of %n request(s) were not saved when this workspace was left.</source>
        <translation>
            <numerusform>Änderungen an %n Anfrage waren nicht gespeichert, als dieser Arbeitsbereich verlassen wurde.</numerusform>
            <numerusform>Änderungen an %n Anfragen waren nicht gespeichert, als dieser Arbeitsbereich verlassen wurde.</numerusform>
        </translation>
    </message>
    <message>
        <source>Restore them</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Discard them</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>What looked like a secret was not kept. Put it into a profile.</source>
        <translation>Was wie ein Geheimnis aussah, wurde nicht behalten. Legen Sie es in ein Profil.</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>%1 was not found.</source>
        <translation>%1 wurde nicht gefunden.</translation>
    </message>
    <message>
        <source>%1 cannot be read.</source>
        <translation>%1 kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>%1 belongs to no workspace: no folder above it has an opencollection.yml. It cannot be imported either: %2</source>
        <translation>%1 gehört zu keinem Arbeitsbereich: Kein Ordner darüber hat eine opencollection.yml. Importieren lässt sie sich auch nicht: %2</translation>
    </message>
    <message>
        <source>No workspace was opened yet</source>
        <translation>Noch kein Arbeitsbereich geöffnet</translation>
    </message>
    <message>
        <source>Clear list</source>
        <translation>Liste leeren</translation>
    </message>
    <message>
        <source>Open in a new window…</source>
        <translation>In neuem Fenster öffnen…</translation>
    </message>
    <message>
        <source>Open in a new window</source>
        <translation>In neuem Fenster öffnen</translation>
    </message>
    <message>
        <source>Keybearer could not be started once more.</source>
        <translation>Keybearer ließ sich nicht noch einmal starten.</translation>
    </message>
    <message>
        <source>Environments…</source>
        <translation>Umgebungen…</translation>
    </message>
    <message>
        <source>%1 still has the client %2 that was registered from here: %3</source>
        <translation>%1 hat noch den Client %2, der von hier aus registriert wurde: %3</translation>
    </message>
</context>
<context>
    <name>kb::MatrixDelegate</name>
    <message>
        <source>as expected</source>
        <translation>wie erwartet</translation>
    </message>
    <message>
        <source>open door</source>
        <translation>offene Tür</translation>
    </message>
    <message>
        <source>locked out</source>
        <translation>ausgesperrt</translation>
    </message>
    <message>
        <source>suspect</source>
        <translation>verdächtig</translation>
    </message>
    <message>
        <source>server error</source>
        <translation>Serverfehler</translation>
    </message>
    <message>
        <source>not proven</source>
        <translation>nicht bewiesen</translation>
    </message>
    <message>
        <source>not decided</source>
        <translation>nicht entschieden</translation>
    </message>
</context>
<context>
    <name>kb::MatrixDetails</name>
    <message>
        <source>may in</source>
        <translation>darf hinein</translation>
    </message>
    <message>
        <source>turned away as nobody known (401)</source>
        <translation>als unbekannt abgewiesen (401)</translation>
    </message>
    <message>
        <source>turned away for lack of permission (403)</source>
        <translation>mangels Berechtigung abgewiesen (403)</translation>
    </message>
    <message>
        <source>turned away</source>
        <translation>abgewiesen</translation>
    </message>
    <message>
        <source>turned away, or told that there is nothing (403, 404)</source>
        <translation>abgewiesen, oder als gäbe es nichts (403, 404)</translation>
    </message>
    <message>
        <source>not decided</source>
        <translation>nicht entschieden</translation>
    </message>
    <message>
        <source>%1 after %2 ms, %3 bytes</source>
        <translation>%1 nach %2 ms, %3 Bytes</translation>
    </message>
    <message>
        <source>Not sent yet.</source>
        <translation>Noch nicht gesendet.</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Erwartet</translation>
    </message>
    <message>
        <source>Sent and received</source>
        <translation>Gesendet und empfangen</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Anmerkungen</translation>
    </message>
    <message>
        <source>Open as request</source>
        <translation>Als Anfrage öffnen</translation>
    </message>
    <message>
        <source>Run this cell</source>
        <translation>Diese Zelle prüfen</translation>
    </message>
    <message>
        <source>Accept as expected</source>
        <translation>Als erwartet übernehmen</translation>
    </message>
    <message>
        <source>Accept the row</source>
        <translation>Die Zeile übernehmen</translation>
    </message>
    <message>
        <source>Accept the column</source>
        <translation>Die Spalte übernehmen</translation>
    </message>
    <message>
        <source>Choose a cell to see what was expected and what came.</source>
        <translation>Wählen Sie eine Zelle, um zu sehen, was erwartet war und was kam.</translation>
    </message>
    <message>
        <source>not sent yet</source>
        <translation>noch nicht gesendet</translation>
    </message>
    <message>
        <source>Evidence: %1.</source>
        <translation>Beleg: %1.</translation>
    </message>
    <message>
        <source>None.</source>
        <translation>Keine.</translation>
    </message>
    <message>
        <source>Copy as curl</source>
        <translation>Als curl kopieren</translation>
    </message>
    <message>
        <source>Last runs</source>
        <translation>Letzte Läufe</translation>
    </message>
    <message>
        <source>Since the baseline: %1</source>
        <translation>Seit dem Vergleichslauf: %1</translation>
    </message>
    <message>
        <source>None is kept.</source>
        <translation>Keiner ist aufbewahrt.</translation>
    </message>
    <message>
        <source>It changed in the last run.</source>
        <translation>Im letzten Lauf hat es sich geändert.</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s), the newest last.</source>
        <translation>
            <numerusform>%n Lauf.</numerusform>
            <numerusform>%n Läufe, der neueste zuletzt.</numerusform>
        </translation>
    </message>
    <message>
        <source> (more than once: the first is shown)</source>
        <translation> (mehrmals: gezeigt ist das erste)</translation>
    </message>
    <message>
        <source>Problem type: %1</source>
        <translation>Problemart: %1</translation>
    </message>
    <message>
        <source>The object %1 is %2&apos;s.</source>
        <translation>Das Objekt %1 gehört %2.</translation>
    </message>
    <message>
        <source>The object %1 is nobody&apos;s.</source>
        <translation>Das Objekt %1 gehört niemandem.</translation>
    </message>
    <message>
        <source>Sent with token number %1 of its grant: it was renewed meanwhile.</source>
        <translation>Mit Token Nummer %1 gesendet: Es wurde inzwischen erneuert.</translation>
    </message>
    <message>
        <source>Waived: %1</source>
        <translation>Hingenommen: %1</translation>
    </message>
</context>
<context>
    <name>kb::MatrixModel</name>
    <message>
        <source>not said</source>
        <translation>nicht gesagt</translation>
    </message>
    <message>
        <source>nothing, or a credential</source>
        <translation>nichts, oder Zugangsdaten</translation>
    </message>
    <message>
        <source>public</source>
        <translation>öffentlich</translation>
    </message>
    <message>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <source>held</source>
        <translation>gehalten</translation>
    </message>
    <message>
        <source>%1 as %2: %3, %4</source>
        <translation>%1 als %2: %3, %4</translation>
    </message>
    <message>
        <source>not sent</source>
        <translation>nicht gesendet</translation>
    </message>
    <message>
        <source>Needs</source>
        <translation>Braucht</translation>
    </message>
    <message>
        <source>No longer good, on purpose: %1</source>
        <translation>Absichtlich nicht mehr gültig: %1</translation>
    </message>
    <message>
        <source>%1 (forged)</source>
        <translation>%1 (gefälscht)</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n Zeile</numerusform>
            <numerusform>%n Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1: %2, %3 with findings</source>
        <translation>%1: %2, %3 mit Befunden</translation>
    </message>
    <message>
        <source>Evidence: %1.</source>
        <translation>Beleg: %1.</translation>
    </message>
    <message>
        <source>Waived: %1</source>
        <translation>Hingenommen: %1</translation>
    </message>
    <message>
        <source>It was %1 in the run before.</source>
        <translation>Im Lauf davor war es %1.</translation>
    </message>
    <message>
        <source>Nobody who is allowed got through on this row.</source>
        <translation>Niemand, der darf, kam in dieser Zeile durch.</translation>
    </message>
    <message>
        <source>Anonymous</source>
        <translation>Anonym</translation>
    </message>
</context>
<context>
    <name>kb::MatrixRulesDialog</name>
    <message>
        <source>Rules and waivers</source>
        <translation>Regeln und Ausnahmen</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>403</source>
        <translation>403</translation>
    </message>
    <message>
        <source>403 or 404</source>
        <translation>403 oder 404</translation>
    </message>
    <message>
        <source>401</source>
        <translation>401</translation>
    </message>
    <message>
        <source>401 or 403</source>
        <translation>401 oder 403</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Regeln</translation>
    </message>
    <message>
        <source>Whoever has all the claims gets in, everybody else is turned away. The first rule that fits an operation counts. Empty cells fit everything; &quot;*&quot; in a path stands for anything.</source>
        <translation>Wer alle Claims hat, kommt hinein, alle anderen werden abgewiesen. Es gilt die erste Regel, die zu einer Operation passt. Leere Zellen passen auf alles; „*“ in einem Pfad steht für Beliebiges.</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>Methods</source>
        <translation>Methoden</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Tags</translation>
    </message>
    <message>
        <source>Claims</source>
        <translation>Claims</translation>
    </message>
    <message>
        <source>Everybody else gets</source>
        <translation>Alle anderen</translation>
    </message>
    <message>
        <source>The document says nothing of security for these operations, while it protects others. Until you tick them nothing is expected of them.</source>
        <translation>Zur Sicherheit dieser Operationen sagt das Dokument nichts, während es andere schützt. Solange Sie sie nicht ankreuzen, wird von ihnen nichts erwartet.</translation>
    </message>
    <message>
        <source>Public operations</source>
        <translation>Öffentliche Operationen</translation>
    </message>
    <message>
        <source>Tick all</source>
        <translation>Alle ankreuzen</translation>
    </message>
    <message>
        <source>Waivers</source>
        <translation>Ausnahmen</translation>
    </message>
    <message>
        <source>A finding that is known and borne for a while: a cell by its id, or &quot;bola GET /users/{id}&quot; for all of one cause. Reports show it as waived. After its last day it counts again.</source>
        <translation>Ein Befund, der bekannt ist und eine Zeit lang hingenommen wird: eine Zelle mit ihrer Kennung oder „bola GET /users/{id}“ für alle mit derselben Ursache. Berichte zeigen ihn als ausgenommen. Nach seinem letzten Tag zählt er wieder.</translation>
    </message>
    <message>
        <source>Cell or finding</source>
        <translation>Zelle oder Befund</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Who says so</source>
        <translation>Wer das sagt</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>Letzter Tag</translation>
    </message>
    <message>
        <source>Own objects</source>
        <translation>Eigene Objekte</translation>
    </message>
    <message>
        <source>The object of each profile, by the parameter that names it. A value, &quot;claim:account&quot; for a claim of its token, or &quot;from:GET /orders#/0/id&quot; for what the profile finds when it asks.</source>
        <translation>Das Objekt jedes Profils, nach dem Parameter, der es nennt. Ein Wert, „claim:account“ für einen Claim seines Tokens oder „from:GET /orders#/0/id“ für das, was das Profil auf Anfrage findet.</translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Canaries</source>
        <translation>Kanarienvögel</translation>
    </message>
    <message>
        <source>The request that shows that a profile&apos;s credential is good. Without one the first safe operation that it may use is taken.</source>
        <translation>Der Request, der zeigt, dass die Zugangsdaten eines Profils gut sind. Ohne einen wird die erste sichere Operation genommen, die es nutzen darf.</translation>
    </message>
    <message>
        <source>Operation</source>
        <translation>Operation</translation>
    </message>
    <message>
        <source>Row %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no claim. Write it as role=admin.</source>
        <translation>„%1“ ist kein Claim. Schreiben Sie ihn wie role=admin.</translation>
    </message>
    <message>
        <source>It needs a claim, such as role=admin.</source>
        <translation>Sie braucht einen Claim, etwa role=admin.</translation>
    </message>
    <message>
        <source>Name a cell or a finding.</source>
        <translation>Nennen Sie eine Zelle oder einen Befund.</translation>
    </message>
    <message>
        <source>Give a reason.</source>
        <translation>Geben Sie einen Grund an.</translation>
    </message>
    <message>
        <source>The last day is no date. Write it as 2030-01-31.</source>
        <translation>Der letzte Tag ist kein Datum. Schreiben Sie ihn wie 2030-01-31.</translation>
    </message>
    <message>
        <source>Something is missing.</source>
        <translation>Es fehlt etwas.</translation>
    </message>
    <message>
        <source>This profile has one already.</source>
        <translation>Dieses Profil hat schon einen.</translation>
    </message>
    <message>
        <source>everybody</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>Markierungen</translation>
    </message>
    <message>
        <source>What is expected by hand: of a cell, a row (everybody) or a column (no operation). It goes before rules and the document.</source>
        <translation>Was von Hand erwartet wird: von einer Zelle, einer Zeile (alle) oder einer Spalte (ohne Operation). Es geht Regeln und Dokument vor.</translation>
    </message>
    <message>
        <source>Whose object</source>
        <translation>Wessen Objekt</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Erwartet</translation>
    </message>
    <message>
        <source>Fields</source>
        <translation>Felder</translation>
    </message>
    <message>
        <source>Members of answers that only those with all the claims may see; without claims nobody may. A member&apos;s name, or a JSON pointer where &quot;*&quot; is any item of a list.</source>
        <translation>Felder in Antworten, die nur sehen darf, wer alle Claims hat; ohne Claims niemand. Der Name eines Felds oder ein JSON-Pointer, in dem „*“ jeder Eintrag einer Liste ist.</translation>
    </message>
    <message>
        <source>Markers</source>
        <translation>Kennzeichen</translation>
    </message>
    <message>
        <source>Texts that only a profile&apos;s own objects hold, such as its e-mail address. Found in another&apos;s answer they confirm that the door is open.</source>
        <translation>Texte, die nur in Objekten eines Profils stehen, etwa seine E-Mail-Adresse. In der Antwort an andere belegen sie, dass die Tür offen steht.</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Texte</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no binding. There are %2.</source>
        <translation>„%1“ ist keine Bindung. Es gibt %2.</translation>
    </message>
    <message>
        <source>Name an operation or a profile.</source>
        <translation>Eine Operation oder ein Profil nennen.</translation>
    </message>
    <message>
        <source>Name the fields.</source>
        <translation>Die Felder nennen.</translation>
    </message>
</context>
<context>
    <name>kb::MatrixWindow</name>
    <message>
        <source>Files cannot be read here. Name an address.</source>
        <translation>Dateien lassen sich hier nicht lesen. Nennen Sie eine Adresse.</translation>
    </message>
    <message>
        <source>The document&apos;s address answered %1.</source>
        <translation>Die Adresse des Dokuments antwortete mit %1.</translation>
    </message>
    <message>
        <source>It is not known where the API is.</source>
        <translation>Es ist nicht bekannt, wo die API ist.</translation>
    </message>
    <message>
        <source>Define the variable baseUrl in an environment.</source>
        <translation>Legen Sie in einer Umgebung die Variable baseUrl fest.</translation>
    </message>
    <message>
        <source>The document names the server %1, where no profile may go.</source>
        <translation>Das Dokument nennt den Server %1, zu dem kein Profil darf.</translation>
    </message>
    <message>
        <source>Allow it in a profile, or define the variable baseUrl.</source>
        <translation>Erlauben Sie ihn in einem Profil, oder legen Sie die Variable baseUrl fest.</translation>
    </message>
    <message>
        <source>%1 of %2, %3 a second, %4 s left</source>
        <translation>%1 von %2, %3 je Sekunde, noch %4 s</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>accepted as it was</source>
        <translation>so übernommen, wie es war</translation>
    </message>
    <message>
        <source>Accepted as expected.</source>
        <translation>Als erwartet übernommen.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Den Bericht speichern</translation>
    </message>
    <message>
        <source>The report was saved.</source>
        <translation>Der Bericht wurde gespeichert.</translation>
    </message>
    <message numerus="yes">
        <source>Run %n probe(s)</source>
        <translation>
            <numerusform>%n Anfrage prüfen</numerusform>
            <numerusform>%n Anfragen prüfen</numerusform>
        </translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Prüfen</translation>
    </message>
    <message numerus="yes">
        <source>%n cell(s), nothing sent yet</source>
        <translation>
            <numerusform>%n Zelle, noch nichts gesendet</numerusform>
            <numerusform>%n Zellen, noch nichts gesendet</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 held back</source>
        <translation>%1 zurückgehalten</translation>
    </message>
    <message>
        <source>Load the API&apos;s OpenAPI document to see who should get in.</source>
        <translation>Laden Sie das OpenAPI-Dokument der API, um zu sehen, wer hinein sollte.</translation>
    </message>
    <message>
        <source>Access matrix — Keybearer</source>
        <translation>Zugriffsmatrix — Keybearer</translation>
    </message>
    <message>
        <source>Access matrix</source>
        <translation>Zugriffsmatrix</translation>
    </message>
    <message>
        <source>The API&apos;s OpenAPI document: an address or a file</source>
        <translation>Das OpenAPI-Dokument der API: eine Adresse oder eine Datei</translation>
    </message>
    <message>
        <source>OpenAPI document</source>
        <translation>OpenAPI-Dokument</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>Choose a document</source>
        <translation>Ein Dokument auswählen</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Run what failed</source>
        <translation>Prüfen, was nicht bestand</translation>
    </message>
    <message>
        <source>Run this row</source>
        <translation>Diese Zeile prüfen</translation>
    </message>
    <message>
        <source>Run this column</source>
        <translation>Diese Spalte prüfen</translation>
    </message>
    <message>
        <source>Undo the last expectation</source>
        <translation>Die letzte Erwartung zurücknehmen</translation>
    </message>
    <message>
        <source>Save as HTML…</source>
        <translation>Als HTML speichern…</translation>
    </message>
    <message>
        <source>Save as JUnit…</source>
        <translation>Als JUnit speichern…</translation>
    </message>
    <message>
        <source>Save as SARIF…</source>
        <translation>Als SARIF speichern…</translation>
    </message>
    <message>
        <source>Save as JSON…</source>
        <translation>Als JSON speichern…</translation>
    </message>
    <message>
        <source>Save as Markdown…</source>
        <translation>Als Markdown speichern…</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>Als CSV speichern…</translation>
    </message>
    <message>
        <source>Choose an OpenAPI document</source>
        <translation>Ein OpenAPI-Dokument auswählen</translation>
    </message>
    <message>
        <source>All rows</source>
        <translation>Alle Zeilen</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Not decided</source>
        <translation>Nicht entschieden</translation>
    </message>
    <message>
        <source>Not proven</source>
        <translation>Nicht bewiesen</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>Which rows</source>
        <translation>Welche Zeilen</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Copied. The secret is an environment variable.</source>
        <translation>Kopiert. Das Geheimnis ist eine Umgebungsvariable.</translation>
    </message>
    <message>
        <source>changed since the baseline</source>
        <translation>seit dem Vergleichslauf geändert</translation>
    </message>
    <message>
        <source>%1 gone</source>
        <translation>%1 weggefallen</translation>
    </message>
    <message>
        <source>Run what changed since the baseline</source>
        <translation>Seit dem Vergleichslauf Geändertes prüfen</translation>
    </message>
    <message>
        <source>Run this cell</source>
        <translation>Diese Zelle prüfen</translation>
    </message>
    <message>
        <source>Accept as expected</source>
        <translation>Als erwartet übernehmen</translation>
    </message>
    <message>
        <source>Copy as curl</source>
        <translation>Als curl kopieren</translation>
    </message>
    <message>
        <source>Set as baseline</source>
        <translation>Als Vergleichslauf festlegen</translation>
    </message>
    <message>
        <source>Compare with no baseline</source>
        <translation>Mit keinem Lauf vergleichen</translation>
    </message>
    <message>
        <source>Forged identities…</source>
        <translation>Gefälschte Identitäten…</translation>
    </message>
    <message>
        <source>Open doors</source>
        <translation>Offene Türen</translation>
    </message>
    <message>
        <source>Locked out</source>
        <translation>Ausgesperrt</translation>
    </message>
    <message>
        <source>Suspect</source>
        <translation>Verdächtig</translation>
    </message>
    <message>
        <source>Server errors</source>
        <translation>Serverfehler</translation>
    </message>
    <message>
        <source>Filter by method, path or tag</source>
        <translation>Nach Methode, Pfad oder Tag filtern</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) would carry a forged credential to %1.</source>
        <translation>
            <numerusform>%n Anfrage würde gefälschte Zugangsdaten an %1 senden.</numerusform>
            <numerusform>%n Anfragen würden gefälschte Zugangsdaten an %1 senden.</numerusform>
        </translation>
    </message>
    <message>
        <source>Send them</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>This run proves too little to be a baseline: %1 of %2 decided cells are proven.</source>
        <translation>Dieser Lauf beweist zu wenig, um als Vergleichslauf zu dienen: %1 von %2 entschiedenen Zellen sind bewiesen.</translation>
    </message>
    <message>
        <source>Later runs are compared with this one. It is in %1.</source>
        <translation>Spätere Läufe werden mit diesem verglichen. Er steht in %1.</translation>
    </message>
    <message>
        <source>Asked first: %1 as %2, for its own %3.</source>
        <translation>Zuerst gefragt: %1 als %2, nach der eigenen %3.</translation>
    </message>
    <message>
        <source>not sent yet</source>
        <translation>noch nicht gesendet</translation>
    </message>
    <message>
        <source>left out: %1</source>
        <translation>ausgelassen: %1</translation>
    </message>
    <message>
        <source>Accept the row</source>
        <translation>Die Zeile übernehmen</translation>
    </message>
    <message>
        <source>Accept the column</source>
        <translation>Die Spalte übernehmen</translation>
    </message>
    <message>
        <source>Sort by this column</source>
        <translation>Nach dieser Spalte sortieren</translation>
    </message>
    <message>
        <source>Unsafe methods…</source>
        <translation>Unsichere Methoden …</translation>
    </message>
    <message>
        <source>Unsafe methods</source>
        <translation>Unsichere Methoden</translation>
    </message>
    <message>
        <source>Each word has to fit: GET is the method, tag:billing a tag, anything else a part of the path.</source>
        <translation>Jedes Wort muss passen: GET ist die Methode, tag:billing ein Tag, alles andere ein Teil des Pfads.</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) would really be done. Type the number once more for another run.</source>
        <translation>
            <numerusform>%n Anfrage würde wirklich ausgeführt. Tippen Sie die Zahl für einen weiteren Lauf noch einmal.</numerusform>
            <numerusform>%n Anfragen würden wirklich ausgeführt. Tippen Sie die Zahl für einen weiteren Lauf noch einmal.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 And %2 more, in the report.</source>
        <translation>%1 Und %2 weitere, im Bericht.</translation>
    </message>
    <message>
        <source>Rules and waivers…</source>
        <translation>Regeln und Ausnahmen…</translation>
    </message>
    <message>
        <source>Run what is left</source>
        <translation>Ausführen, was übrig ist</translation>
    </message>
    <message>
        <source>Expect…</source>
        <translation>Erwarten…</translation>
    </message>
    <message>
        <source>Waive…</source>
        <translation>Hinnehmen…</translation>
    </message>
    <message>
        <source>Fold or unfold the row</source>
        <translation>Zeile ein- oder ausklappen</translation>
    </message>
    <message>
        <source>Group by tag</source>
        <translation>Nach Tag gruppieren</translation>
    </message>
    <message>
        <source>Show whose object in all rows</source>
        <translation>In allen Zeilen zeigen, wessen Objekt</translation>
    </message>
    <message>
        <source>Changed since the run before</source>
        <translation>Geändert seit dem Lauf davor</translation>
    </message>
    <message>
        <source>As expected</source>
        <translation>Wie erwartet</translation>
    </message>
    <message>
        <source>Waived</source>
        <translation>Hingenommen</translation>
    </message>
    <message>
        <source>The mark was taken away.</source>
        <translation>Die Markierung ist entfernt.</translation>
    </message>
    <message>
        <source>The mark was saved.</source>
        <translation>Die Markierung ist gespeichert.</translation>
    </message>
    <message>
        <source>There is nothing to waive: this cell is no finding.</source>
        <translation>Es gibt nichts hinzunehmen: Diese Zelle ist kein Befund.</translation>
    </message>
    <message>
        <source>Waived. Rules and waivers… takes it back.</source>
        <translation>Hingenommen. Unter „Regeln und Ausnahmen…“ lässt es sich zurücknehmen.</translation>
    </message>
    <message>
        <source>Opened with the good credential: what is forged is sent by a run alone.</source>
        <translation>Mit dem guten Nachweis geöffnet: Gefälschtes sendet nur ein Lauf.</translation>
    </message>
    <message>
        <source>A forged credential is made for each request of a run: there is none to copy.</source>
        <translation>Ein gefälschter Nachweis entsteht für jede Anfrage eines Laufs neu: Es gibt keinen zum Kopieren.</translation>
    </message>
    <message>
        <source>waived</source>
        <translation>hingenommen</translation>
    </message>
    <message>
        <source>%1 needs a login. %2 Its column waits, the others go on.</source>
        <translation>%1 braucht eine Anmeldung. %2 Die Spalte wartet, die anderen laufen weiter.</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Leave it out</source>
        <translation>Auslassen</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
</context>
<context>
    <name>kb::MethodCombo</name>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
</context>
<context>
    <name>kb::NoticeBar</name>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>kb::OutsideChange</name>
    <message>
        <source>Keep mine</source>
        <translation>Meine behalten</translation>
    </message>
    <message>
        <source>Take theirs</source>
        <translation>Andere übernehmen</translation>
    </message>
    <message>
        <source>Another program changed the file; its changes are in here now.</source>
        <translation>Ein anderes Programm hat die Datei geändert; die Änderungen sind jetzt hier enthalten.</translation>
    </message>
    <message>
        <source>Another program changed this file, and here and there differ: %1.</source>
        <translation>Ein anderes Programm hat diese Datei geändert; hier und dort ist verschieden: %1.</translation>
    </message>
</context>
<context>
    <name>kb::ParamsModel</name>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>In</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>query</source>
        <translation>Query</translation>
    </message>
    <message>
        <source>Off: “%1” goes out as it stands in the URL.</source>
        <translation>Aus: „%1“ wird so gesendet, wie es in der URL steht.</translation>
    </message>
    <message>
        <source>Path parameters are named in the URL: :id or {id}.</source>
        <translation>Pfadparameter werden in der URL benannt: :id oder {id}.</translation>
    </message>
    <message>
        <source>A query field that is on lives in the URL, which has no room for a description.</source>
        <translation>Ein eingeschaltetes Query-Feld steht in der URL, und dort ist kein Platz für eine Beschreibung.</translation>
    </message>
    <message>
        <source>New row</source>
        <translation>Neue Zeile</translation>
    </message>
    <message>
        <source>Send %1</source>
        <translation>%1 senden</translation>
    </message>
    <message>
        <source>name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
</context>
<context>
    <name>kb::PartsModel</name>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Content type</source>
        <translation>Content-Type</translation>
    </message>
    <message>
        <source>A file&apos;s path within the workspace&apos;s folder</source>
        <translation>Der Pfad einer Datei im Arbeitsbereichsordner</translation>
    </message>
    <message>
        <source>New row</source>
        <translation>Neue Zeile</translation>
    </message>
    <message>
        <source>Send %1</source>
        <translation>%1 senden</translation>
    </message>
    <message>
        <source>%1 is a file</source>
        <translation>%1 ist eine Datei</translation>
    </message>
    <message>
        <source>name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>path of the file</source>
        <translation>Pfad der Datei</translation>
    </message>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
</context>
<context>
    <name>kb::ProfileCombo</name>
    <message>
        <source>API key · %1</source>
        <translation>API-Schlüssel · %1</translation>
    </message>
    <message>
        <source>Basic · %1</source>
        <translation>Basic · %1</translation>
    </message>
    <message>
        <source>bearer</source>
        <translation>Bearer</translation>
    </message>
    <message>
        <source>JWT bearer</source>
        <translation>JWT-Bearer</translation>
    </message>
    <message>
        <source>JWT bearer · %1</source>
        <translation>JWT-Bearer · %1</translation>
    </message>
    <message>
        <source>opaque bearer</source>
        <translation>Opakes Bearer-Token</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>noch nicht gelesen</translation>
    </message>
    <message>
        <source>no secret</source>
        <translation>kein Geheimnis</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>gesperrt</translation>
    </message>
    <message>
        <source>not readable</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>reading…</source>
        <translation>wird gelesen…</translation>
    </message>
    <message>
        <source>Send as</source>
        <translation>Senden als</translation>
    </message>
    <message>
        <source>Anonymous</source>
        <translation>Anonym</translation>
    </message>
    <message>
        <source>no token</source>
        <translation>kein Token</translation>
    </message>
    <message>
        <source>Unknown profile</source>
        <translation>Unbekanntes Profil</translation>
    </message>
</context>
<context>
    <name>kb::ProfileDialog</name>
    <message>
        <source>Every environment</source>
        <translation>Jede Umgebung</translation>
    </message>
    <message>
        <source>Only %1</source>
        <translation>Nur %1</translation>
    </message>
    <message>
        <source>A key in the URL ends up in logs, histories and Referer fields. Use a header if the API lets you.</source>
        <translation>Ein Schlüssel in der URL landet in Logs, Verläufen und Referer-Headern. Verwenden Sie einen Header, wenn die API es erlaubt.</translation>
    </message>
    <message>
        <source>A key in a cookie is sent by browsers on their own, so pages of others can use it. Use a header if the API lets you.</source>
        <translation>Einen Schlüssel in einem Cookie senden Browser von selbst, daher können fremde Seiten ihn benutzen. Verwenden Sie einen Header, wenn die API es erlaubt.</translation>
    </message>
    <message>
        <source>Time left: %1.</source>
        <translation>Restzeit: %1.</translation>
    </message>
    <message>
        <source>It normally goes into the header %1.</source>
        <translation>Gehört normalerweise in den Header %1.</translation>
    </message>
    <message>
        <source>Or keep it in memory only.</source>
        <translation>Oder behalten Sie es nur im Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>Nothing is stored. You paste it again at the next start.</source>
        <translation>Es wird nichts gespeichert. Beim nächsten Start fügen Sie es erneut ein.</translation>
    </message>
    <message>
        <source>The profile has no name.</source>
        <translation>Das Profil hat keinen Namen.</translation>
    </message>
    <message>
        <source>Say who this token belongs to.</source>
        <translation>Geben Sie an, wem dieses Token gehört.</translation>
    </message>
    <message>
        <source>The scheme word must be one word, such as Bearer.</source>
        <translation>Das Schemawort muss ein einzelnes Wort sein, etwa Bearer.</translation>
    </message>
    <message>
        <source>Paste the secret again to keep it in another place.</source>
        <translation>Fügen Sie das Geheimnis erneut ein, um es an einem anderen Ort aufzubewahren.</translation>
    </message>
    <message>
        <source>The profile has no secret.</source>
        <translation>Das Profil hat kein Geheimnis.</translation>
    </message>
    <message>
        <source>Paste a token, a key or a password.</source>
        <translation>Fügen Sie ein Token, einen Schlüssel oder ein Passwort ein.</translation>
    </message>
    <message>
        <source>New token profile</source>
        <translation>Neues Token-Profil</translation>
    </message>
    <message>
        <source>Edit token profile</source>
        <translation>Token-Profil bearbeiten</translation>
    </message>
    <message>
        <source>Who is this? For example: Reader, staging</source>
        <translation>Wer ist das? Zum Beispiel: Leser, Staging</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Bearer token or JWT</source>
        <translation>Bearer-Token oder JWT</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>API-Schlüssel</translation>
    </message>
    <message>
        <source>Basic: user and password</source>
        <translation>Basic: Benutzer und Passwort</translation>
    </message>
    <message>
        <source>In a header</source>
        <translation>In einem Header</translation>
    </message>
    <message>
        <source>In the query</source>
        <translation>In der Query</translation>
    </message>
    <message>
        <source>In a cookie</source>
        <translation>In einem Cookie</translation>
    </message>
    <message>
        <source>Paste it here</source>
        <translation>Hier einfügen</translation>
    </message>
    <message>
        <source>Leave empty to keep the present one</source>
        <translation>Leer lassen, um das jetzige zu behalten</translation>
    </message>
    <message>
        <source>In the keychain</source>
        <translation>Im Schlüsselbund</translation>
    </message>
    <message>
        <source>In memory only, until Keybearer closes</source>
        <translation>Nur im Arbeitsspeicher, bis Keybearer beendet wird</translation>
    </message>
    <message>
        <source>It expires at</source>
        <translation>Läuft ab am</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Scheme word</source>
        <translation>Schemawort</translation>
    </message>
    <message>
        <source>Where the key goes</source>
        <translation>Wohin der Schlüssel kommt</translation>
    </message>
    <message>
        <source>Name of the field</source>
        <translation>Name des Felds</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>Allowed hosts, one a line</source>
        <translation>Erlaubte Hosts, einer pro Zeile</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>Umgebung</translation>
    </message>
    <message>
        <source>Expiry</source>
        <translation>Ablauf</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Field name</source>
        <translation>Feldname</translation>
    </message>
    <message>
        <source>Secret</source>
        <translation>Geheimnis</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Aufbewahren</translation>
    </message>
    <message>
        <source>May go to</source>
        <translation>Erlaubte Ziele</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>%1 for %2</source>
        <translation>%1 für %2</translation>
    </message>
    <message>
        <source>%1; leave empty to keep the present one</source>
        <translation>%1; leer lassen, um das jetzige zu behalten</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>The profile has no client certificate.</source>
        <translation>Das Profil hat kein Client-Zertifikat.</translation>
    </message>
    <message>
        <source>Choose its file.</source>
        <translation>Wählen Sie dessen Datei.</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>Zertifikat</translation>
    </message>
    <message>
        <source>Choose the client certificate&apos;s file again to keep it in another place.</source>
        <translation>Wählen Sie die Datei des Client-Zertifikats noch einmal, um es an einem anderen Ort zu behalten.</translation>
    </message>
    <message>
        <source>The server gave one; leave empty to keep it</source>
        <translation>Der Server hat eines vergeben; leer lassen, um es zu behalten</translation>
    </message>
    <message>
        <source>The key has no value: %1.</source>
        <translation>Der Schlüssel hat keinen Wert: %1.</translation>
    </message>
    <message>
        <source>Paste it, or remove its row.</source>
        <translation>Fügen Sie ihn ein, oder entfernen Sie seine Zeile.</translation>
    </message>
    <message>
        <source>Paste it again, or remove its row.</source>
        <translation>Fügen Sie ihn noch einmal ein, oder entfernen Sie seine Zeile.</translation>
    </message>
    <message>
        <source>Along with it</source>
        <translation>Außerdem</translation>
    </message>
    <message>
        <source>In ISO-8859-1, for an old server</source>
        <translation>In ISO-8859-1, für einen alten Server</translation>
    </message>
    <message>
        <source>Else user and password go out in UTF-8 (RFC 7617).</source>
        <translation>Sonst gehen Benutzer und Passwort in UTF-8 hin (RFC 7617).</translation>
    </message>
    <message>
        <source>On purpose: expired, revoked …</source>
        <translation>Mit Absicht: abgelaufen, widerrufen …</translation>
    </message>
    <message>
        <source>With anything here, the token is kept and sent as it is, and never refreshed. The access window expects it to be refused.</source>
        <translation>Steht hier etwas, bleibt das Token, wie es ist, wird so gesendet und nie erneuert. Das Zugriffsfenster erwartet, dass es abgewiesen wird.</translation>
    </message>
    <message>
        <source>Keep it stale</source>
        <translation>Veraltet lassen</translation>
    </message>
</context>
<context>
    <name>kb::ProfileList</name>
    <message>
        <source>New profile</source>
        <translation>Neues Profil</translation>
    </message>
    <message>
        <source>Token profiles</source>
        <translation>Token-Profile</translation>
    </message>
    <message>
        <source>Token profiles · %1</source>
        <translation>Token-Profile · %1</translation>
    </message>
    <message>
        <source>Colour of %1</source>
        <translation>Farbe von %1</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>Neues Profil…</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>Bearbeiten…</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Duplizieren</translation>
    </message>
    <message>
        <source>Colour…</source>
        <translation>Farbe…</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Read the secret again</source>
        <translation>Geheimnis neu lesen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Compare with…</source>
        <translation>Vergleichen mit…</translation>
    </message>
</context>
<context>
    <name>kb::ProfileListModel</name>
    <message>
        <source>Anonymous</source>
        <translation>Anonym</translation>
    </message>
    <message>
        <source>Anonymous, no token</source>
        <translation>Anonym, kein Token</translation>
    </message>
    <message>
        <source>no token</source>
        <translation>kein Token</translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1, %2, %3</translation>
    </message>
</context>
<context>
    <name>kb::ProfilePanel</name>
    <message>
        <source>Basic</source>
        <translation>Basic</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>API-Schlüssel</translation>
    </message>
    <message>
        <source>JWT bearer</source>
        <translation>JWT-Bearer</translation>
    </message>
    <message>
        <source>Bearer</source>
        <translation>Bearer</translation>
    </message>
    <message>
        <source>Copied, %1 s</source>
        <translation>Kopiert, %1 s</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>Bearbeiten…</translation>
    </message>
    <message>
        <source>Copy the secret; the clipboard is cleared after 30 seconds</source>
        <translation>Geheimnis kopieren; die Zwischenablage wird nach 30 Sekunden geleert</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>Neu lesen</translation>
    </message>
    <message>
        <source>Reads the secret from the keychain again.</source>
        <translation>Liest das Geheimnis erneut aus dem Schlüsselbund.</translation>
    </message>
    <message>
        <source>Claims</source>
        <translation>Claims</translation>
    </message>
    <message>
        <source>Hygiene</source>
        <translation>Hygiene</translation>
    </message>
    <message>
        <source>May go to</source>
        <translation>Erlaubte Ziele</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Anonymous: nothing is attached</source>
        <translation>Anonym: Es wird nichts angehängt</translation>
    </message>
    <message>
        <source>issued %1</source>
        <translation>ausgestellt %1</translation>
    </message>
    <message>
        <source>expires %1</source>
        <translation>läuft ab %1</translation>
    </message>
    <message>
        <source>Kept in memory only: gone when Keybearer closes.</source>
        <translation>Nur im Arbeitsspeicher: weg, sobald Keybearer beendet wird.</translation>
    </message>
    <message>
        <source>The expiry was set by you.</source>
        <translation>Der Ablauf wurde von Ihnen gesetzt.</translation>
    </message>
    <message>
        <source>No expiry known.</source>
        <translation>Ablauf unbekannt.</translation>
    </message>
    <message>
        <source>Nowhere yet. Edit the profile to allow a host.</source>
        <translation>Noch kein Ziel. Bearbeiten Sie das Profil, um einen Host zu erlauben.</translation>
    </message>
    <message>
        <source>role: %1</source>
        <translation>Rolle: %1</translation>
    </message>
    <message>
        <source>Scopes and role</source>
        <translation>Scopes und Rolle</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>There is no token yet.</source>
        <translation>Es gibt noch kein Token.</translation>
    </message>
    <message>
        <source>A token is made for each request; what is kept is its key.</source>
        <translation>Für jede Anfrage wird ein Token erzeugt; aufbewahrt wird sein Schlüssel.</translation>
    </message>
    <message>
        <source>The refresh token expires %1.</source>
        <translation>Das Refresh-Token läuft ab: %1.</translation>
    </message>
    <message>
        <source>The client secret expires %1.</source>
        <translation>Das Client-Secret läuft ab: %1.</translation>
    </message>
    <message>
        <source>Compare with…</source>
        <translation>Vergleichen mit…</translation>
    </message>
    <message>
        <source>Shows how this token differs from another profile&apos;s.</source>
        <translation>Zeigt, worin sich dieses Token von dem eines anderen Profils unterscheidet.</translation>
    </message>
    <message>
        <source>Client certificate %1, until %2.</source>
        <translation>Client-Zertifikat %1, bis %2.</translation>
    </message>
    <message>
        <source>Along with it goes: %1.</source>
        <translation>Mit geht: %1.</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>The claims are encrypted: only the header can be read.</source>
        <translation>Die Claims sind verschlüsselt: Nur der Header ist lesbar.</translation>
    </message>
</context>
<context>
    <name>kb::ProfileTimelineDialog</name>
    <message>
        <source>Timeline of %1</source>
        <translation>Verlauf von %1</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>Umgebung</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Kept on this computer, without secrets, and not in the workspace. What is oldest goes by itself. With the history switched off, nothing is kept.</source>
        <translation>Wird auf diesem Rechner aufbewahrt, ohne Geheimnisse und nicht im Arbeitsbereich. Das Älteste verschwindet von selbst. Bei ausgeschalteter Historie wird nichts aufbewahrt.</translation>
    </message>
    <message>
        <source>Delete timeline</source>
        <translation>Verlauf löschen</translation>
    </message>
</context>
<context>
    <name>kb::RegistrationDialog</name>
    <message>
        <source>Registration of %1</source>
        <translation>Registrierung von %1</translation>
    </message>
    <message>
        <source>What the server keeps</source>
        <translation>Was der Server gespeichert hat</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Client&apos;s name</source>
        <translation>Name des Clients</translation>
    </message>
    <message>
        <source>Scopes it may ask for</source>
        <translation>Scopes, die er verlangen darf</translation>
    </message>
    <message>
        <source>Change at the server</source>
        <translation>Beim Server ändern</translation>
    </message>
    <message>
        <source>The server is asked…</source>
        <translation>Der Server wird gefragt…</translation>
    </message>
    <message>
        <source>The server has changed the client.</source>
        <translation>Der Server hat den Client geändert.</translation>
    </message>
    <message>
        <source>This is what the server keeps.</source>
        <translation>Das hat der Server gespeichert.</translation>
    </message>
</context>
<context>
    <name>kb::RequestAuthTab</name>
    <message>
        <source>Move to a profile</source>
        <translation>In ein Profil verschieben</translation>
    </message>
    <message>
        <source>Tokens live in profiles, and their secrets in the keychain: never in the request or its file.</source>
        <translation>Tokens liegen in Profilen und ihre Geheimnisse im Schlüsselbund: nie in der Anfrage oder ihrer Datei.</translation>
    </message>
    <message>
        <source>New profile…</source>
        <translation>Neues Profil…</translation>
    </message>
    <message>
        <source>Authorization of this request</source>
        <translation>Autorisierung dieser Anfrage</translation>
    </message>
    <message>
        <source>Sent as anonymous: no credential is added.</source>
        <translation>Wird anonym gesendet: ohne Zugangsdaten.</translation>
    </message>
    <message>
        <source>%1 adds to the query: %2</source>
        <translation>%1 ergänzt die Query: %2</translation>
    </message>
    <message>
        <source>%1 adds the header: %2</source>
        <translation>%1 ergänzt den Header: %2</translation>
    </message>
    <message>
        <source>It may go nowhere yet: allow an origin in the profile.</source>
        <translation>Darf noch nirgendwohin gesendet werden: Erlauben Sie im Profil einen Origin.</translation>
    </message>
    <message>
        <source>It may go to: %1.</source>
        <translation>Darf gesendet werden an: %1.</translation>
    </message>
    <message>
        <source>Environment: %1.</source>
        <translation>Umgebung: %1.</translation>
    </message>
    <message>
        <source>Your header row %1 is in the way of the profile. Remove the row, or send as anonymous.</source>
        <translation>Ihre Headerzeile %1 steht dem Profil im Weg. Entfernen Sie die Zeile oder senden Sie anonym.</translation>
    </message>
    <message>
        <source>Header row %1 holds a token. In a profile it would stay out of the saved file.</source>
        <translation>Headerzeile %1 enthält ein Token. In einem Profil käme es nicht in die gespeicherte Datei.</translation>
    </message>
    <message>
        <source>Along with it goes: %1.</source>
        <translation>Mit geht: %1.</translation>
    </message>
</context>
<context>
    <name>kb::RequestBody</name>
    <message>
        <source>This request has no body.</source>
        <translation>Diese Anfrage hat keinen Body.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Ohne</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Kind of body</source>
        <translation>Art des Bodys</translation>
    </message>
    <message>
        <source>Content type of the body</source>
        <translation>Content-Type des Bodys</translation>
    </message>
    <message>
        <source>Body of the request</source>
        <translation>Body der Anfrage</translation>
    </message>
    <message>
        <source>Line %1, column %2: %3</source>
        <translation>Zeile %1, Spalte %2: %3</translation>
    </message>
    <message>
        <source>It is sent as it is.</source>
        <translation>Er wird so gesendet, wie er ist.</translation>
    </message>
    <message>
        <source>Multipart form</source>
        <translation>Multipart-Formular</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Path within the workspace&apos;s folder</source>
        <translation>Pfad im Arbeitsbereichsordner</translation>
    </message>
    <message>
        <source>The body&apos;s file</source>
        <translation>Die Datei des Bodys</translation>
    </message>
    <message>
        <source>The file&apos;s bytes are sent as they are.</source>
        <translation>Die Bytes der Datei werden gesendet, wie sie sind.</translation>
    </message>
    <message>
        <source>The file holds a body of the kind %1, which cannot be sent.</source>
        <translation>Die Datei enthält einen Body der Art %1, der nicht gesendet werden kann.</translation>
    </message>
    <message>
        <source>Parts of the body</source>
        <translation>Teile des Bodys</translation>
    </message>
</context>
<context>
    <name>kb::RequestEditor</name>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>Header</translation>
    </message>
    <message>
        <source>Params</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>Body</translation>
    </message>
    <message>
        <source>Authorization</source>
        <translation>Autorisierung</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Goes to %1</source>
        <translation>Geht an %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Parts of the request</source>
        <translation>Teile der Anfrage</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Prüfungen</translation>
    </message>
    <message>
        <source>Other ways to send</source>
        <translation>Andere Arten zu senden</translation>
    </message>
    <message>
        <source>Send this token as it is, once</source>
        <translation>Dieses Token einmal so senden, wie es ist</translation>
    </message>
    <message>
        <source>Expired or not: it is refreshed neither before nor after a refusal.</source>
        <translation>Abgelaufen oder nicht: Es wird weder vorher noch nach einer Abweisung erneuert.</translation>
    </message>
</context>
<context>
    <name>kb::RequestHints</name>
    <message>
        <source>Remarks on the request</source>
        <translation>Hinweise zur Anfrage</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n weiterer</numerusform>
            <numerusform>%n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::RequestSettingsTab</name>
    <message>
        <source>Follow redirects</source>
        <translation>Weiterleitungen folgen</translation>
    </message>
    <message>
        <source>Check the server’s certificate</source>
        <translation>Zertifikat des Servers prüfen</translation>
    </message>
    <message>
        <source> ms</source>
        <translation> ms</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Time-out of the whole exchange, in milliseconds; 0 for none</source>
        <translation>Zeitlimit für den ganzen Austausch, in Millisekunden; 0 für keines</translation>
    </message>
    <message>
        <source>For the whole exchange, redirects included. 0 means none.</source>
        <translation>Für den ganzen Austausch, samt Weiterleitungen. 0 bedeutet keines.</translation>
    </message>
    <message>
        <source>Most redirects to follow</source>
        <translation>Höchstzahl der Weiterleitungen</translation>
    </message>
    <message>
        <source>On a new origin every credential is dropped, and each hop is listed in the timeline.</source>
        <translation>Bei einem neuen Origin werden alle Zugangsdaten entfernt, und jeder Hop steht im Zeitverlauf.</translation>
    </message>
    <message>
        <source>Off: whoever answers can be an impostor and read the token. Use it only against a server you run yourself. It counts for this request alone and stays marked beside Send as.</source>
        <translation>Aus: Wer antwortet, kann sich für den Server ausgeben und das Token lesen. Nur gegen einen Server verwenden, den Sie selbst betreiben. Gilt nur für diese Anfrage und bleibt neben „Senden als“ markiert.</translation>
    </message>
    <message>
        <source>Time-out</source>
        <translation>Zeitlimit</translation>
    </message>
    <message>
        <source>Redirects</source>
        <translation>Weiterleitungen</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>TLS</source>
        <translation>TLS</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Proxy</translation>
    </message>
    <message>
        <source>Settings of this request</source>
        <translation>Einstellungen dieser Anfrage</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Ohne</translation>
    </message>
    <message>
        <source>The system’s</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>%1. It holds for every request; change it in the program’s settings.</source>
        <translation>%1. Gilt für jede Anfrage; zu ändern in den Programmeinstellungen.</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>Variablen</translation>
    </message>
    <message>
        <source>For this request alone. They win over those of its folders and the environment.</source>
        <translation>Nur für diese Anfrage. Sie gehen denen ihrer Ordner und der Umgebung vor.</translation>
    </message>
</context>
<context>
    <name>kb::RequestTab</name>
    <message>
        <source>New request</source>
        <translation>Neue Anfrage</translation>
    </message>
    <message>
        <source>Times are now counted from the system clock.</source>
        <translation>Die Zeiten werden jetzt nach der Systemuhr gezählt.</translation>
    </message>
    <message>
        <source>Save the body</source>
        <translation>Body speichern</translation>
    </message>
    <message>
        <source>Saved to %1.</source>
        <translation>Gespeichert in %1.</translation>
    </message>
    <message>
        <source>The profile this request names is not in this workspace.</source>
        <translation>Das Profil, das diese Anfrage nennt, ist nicht in diesem Arbeitsbereich.</translation>
    </message>
    <message>
        <source>Choose another under Send as.</source>
        <translation>Wählen Sie unter „Senden als“ ein anderes.</translation>
    </message>
    <message>
        <source>This is production</source>
        <translation>Das ist die Produktion</translation>
    </message>
    <message>
        <source>%1 is a production environment, and %2 may change something there.</source>
        <translation>%1 ist eine Produktionsumgebung, und %2 kann dort etwas ändern.</translation>
    </message>
    <message>
        <source>Send to production</source>
        <translation>In die Produktion senden</translation>
    </message>
    <message>
        <source>The file of this request&apos;s folder cannot be read, so who sends it is not known.</source>
        <translation>Die Datei des Ordners dieser Anfrage kann nicht gelesen werden, also ist nicht bekannt, wer sie sendet.</translation>
    </message>
    <message>
        <source>Correct the file, or choose under Send as.</source>
        <translation>Berichtigen Sie die Datei, oder wählen Sie unter „Senden als“.</translation>
    </message>
    <message>
        <source>Another program changed this request, too.</source>
        <translation>Auch ein anderes Programm hat diese Anfrage geändert.</translation>
    </message>
    <message>
        <source>Choose above the request which values are to count, then save.</source>
        <translation>Wählen Sie über der Anfrage, welche Werte gelten sollen, und speichern Sie dann.</translation>
    </message>
    <message>
        <source>Another program changed this request. Your edits were merged with it.</source>
        <translation>Ein anderes Programm hat diese Anfrage geändert. Ihre Änderungen wurden damit zusammengeführt.</translation>
    </message>
    <message>
        <source>This request&apos;s file is gone. Your edits are still here: Save makes it anew.</source>
        <translation>Die Datei dieser Anfrage ist weg. Ihre Änderungen sind noch hier: Speichern legt sie neu an.</translation>
    </message>
    <message>
        <source>Your values count. Save writes them.</source>
        <translation>Ihre Werte gelten. Speichern schreibt sie.</translation>
    </message>
    <message>
        <source>The values on disk count.</source>
        <translation>Die Werte der Datei gelten.</translation>
    </message>
    <message>
        <source>Put mine back</source>
        <translation>Meine zurückholen</translation>
    </message>
    <message>
        <source>The token was sent as it is, on purpose, and not refreshed.</source>
        <translation>Das Token wurde mit Absicht so gesendet, wie es ist, und nicht erneuert.</translation>
    </message>
</context>
<context>
    <name>kb::RequestTree</name>
    <message>
        <source>Filter requests</source>
        <translation>Anfragen filtern</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <source>New request</source>
        <translation>Neue Anfrage</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Duplizieren</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Run with checks…</source>
        <translation>Mit Prüfungen ausführen…</translation>
    </message>
    <message>
        <source>Folder settings…</source>
        <translation>Ordnereinstellungen…</translation>
    </message>
    <message>
        <source>Workspace settings…</source>
        <translation>Arbeitsbereichseinstellungen…</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>Neuer Ordner</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
</context>
<context>
    <name>kb::RequestTreeModel</name>
    <message>
        <source>Folder %1</source>
        <translation>Ordner %1</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
</context>
<context>
    <name>kb::RevealedSecret</name>
    <message numerus="yes">
        <source>The secret, %n bytes, is on the screen</source>
        <translation>
            <numerusform>Das Geheimnis, %n Byte, ist auf dem Bildschirm</numerusform>
            <numerusform>Das Geheimnis, %n Byte, ist auf dem Bildschirm</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> … %n more characters</source>
        <translation>
            <numerusform> … %n weiteres Zeichen</numerusform>
            <numerusform> … %n weitere Zeichen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::RotateDialog</name>
    <message>
        <source>Rotate a token</source>
        <translation>Ein Token austauschen</translation>
    </message>
    <message>
        <source>The token of %1 is revoked at its server and wiped here, and a new one takes its place wherever the profile is used. Then the server is asked what it says of the old one.</source>
        <translation>Das Token von %1 wird bei seinem Server widerrufen und hier gelöscht, und ein neues tritt überall an seine Stelle, wo das Profil benutzt wird. Dann wird der Server gefragt, was er über das alte sagt.</translation>
    </message>
    <message>
        <source>&amp;Also send one GET with the old token, before and after</source>
        <translation>&amp;Auch ein GET mit dem alten Token senden, vorher und nachher</translation>
    </message>
    <message>
        <source>Address for the old token</source>
        <translation>Adresse für das alte Token</translation>
    </message>
    <message>
        <source>https://api.example.com/me</source>
        <translation>https://api.example.com/me</translation>
    </message>
    <message>
        <source>It should be refused afterwards. The address must be one that the profile may go to.</source>
        <translation>Danach sollte es abgelehnt werden. Die Adresse muss eine sein, zu der das Profil gehen darf.</translation>
    </message>
    <message>
        <source>Rotate</source>
        <translation>Austauschen</translation>
    </message>
    <message>
        <source>&amp;Replace it there too</source>
        <translation>Auch dort &amp;ersetzen</translation>
    </message>
    <message>
        <source>The new token comes in its place. A profile with tokens of its own is left without, and needs a login: two may not use one refresh token.</source>
        <translation>Das neue Token kommt an seine Stelle. Ein Profil mit eigenen Token bleibt ohne und braucht eine Anmeldung: Zwei dürfen nicht ein Refresh-Token verwenden.</translation>
    </message>
    <message>
        <source>The same token is also kept in: %1.</source>
        <translation>Dasselbe Token liegt auch in: %1.</translation>
    </message>
</context>
<context>
    <name>kb::RunnerModel</name>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>As</source>
        <translation>Als</translation>
    </message>
    <message>
        <source>Iteration</source>
        <translation>Durchlauf</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Prüfungen</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>bestanden</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>durchgefallen</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>übersprungen</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>· answered</source>
        <translation>· beantwortet</translation>
    </message>
    <message>
        <source>anonymous</source>
        <translation>anonym</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>An answer came. This request has no checks.</source>
        <translation>Eine Antwort kam. Diese Anfrage hat keine Prüfungen.</translation>
    </message>
</context>
<context>
    <name>kb::RunnerWindow</name>
    <message>
        <source>All requests</source>
        <translation>Alle Anfragen</translation>
    </message>
    <message>
        <source>As each request says</source>
        <translation>Wie es jede Anfrage sagt</translation>
    </message>
    <message>
        <source>As anonymous</source>
        <translation>Als anonym</translation>
    </message>
    <message>
        <source>As %1</source>
        <translation>Als %1</translation>
    </message>
    <message>
        <source>The file cannot be read: %1</source>
        <translation>Die Datei kann nicht gelesen werden: %1</translation>
    </message>
    <message>
        <source>This is production</source>
        <translation>Das ist die Produktion</translation>
    </message>
    <message numerus="yes">
        <source>%1 is a production environment, and %n request(s) may change something there.</source>
        <translation>
            <numerusform>%1 ist eine Produktionsumgebung, und %n Anfrage kann dort etwas ändern.</numerusform>
            <numerusform>%1 ist eine Produktionsumgebung, und %n Anfragen können dort etwas ändern.</numerusform>
        </translation>
    </message>
    <message>
        <source>Send the others only</source>
        <translation>Nur die anderen senden</translation>
    </message>
    <message>
        <source>Send all to production</source>
        <translation>Alle in die Produktion senden</translation>
    </message>
    <message>
        <source>Choose a request to see its checks.</source>
        <translation>Wählen Sie eine Anfrage, um ihre Prüfungen zu sehen.</translation>
    </message>
    <message>
        <source>%1 passed</source>
        <translation>%1 bestanden</translation>
    </message>
    <message>
        <source>%1 answered, without checks</source>
        <translation>%1 beantwortet, ohne Prüfungen</translation>
    </message>
    <message>
        <source>%1 failed</source>
        <translation>%1 durchgefallen</translation>
    </message>
    <message>
        <source>%1 with an error</source>
        <translation>%1 mit einem Fehler</translation>
    </message>
    <message>
        <source>%1 skipped</source>
        <translation>%1 übersprungen</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Data…</source>
        <translation>Daten…</translation>
    </message>
    <message>
        <source>Data: %1</source>
        <translation>Daten: %1</translation>
    </message>
    <message>
        <source>Run requests — Keybearer</source>
        <translation>Anfragen ausführen — Keybearer</translation>
    </message>
    <message>
        <source>Requests of the run</source>
        <translation>Anfragen des Laufs</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>What is run</source>
        <translation>Was ausgeführt wird</translation>
    </message>
    <message>
        <source>Send as</source>
        <translation>Senden als</translation>
    </message>
    <message>
        <source>Times: </source>
        <translation>Mal: </translation>
    </message>
    <message>
        <source>Iterations</source>
        <translation>Durchläufe</translation>
    </message>
    <message>
        <source>At once: </source>
        <translation>Zugleich: </translation>
    </message>
    <message>
        <source>Requests in flight</source>
        <translation>Anfragen zugleich</translation>
    </message>
    <message>
        <source>Stop at the first failure</source>
        <translation>Beim ersten Fehler anhalten</translation>
    </message>
    <message>
        <source>Choose a CSV or JSON file…</source>
        <translation>CSV- oder JSON-Datei wählen…</translation>
    </message>
    <message>
        <source>Data of the run</source>
        <translation>Daten des Laufs</translation>
    </message>
    <message>
        <source>Data (*.csv *.json);;All files (*)</source>
        <translation>Daten (*.csv *.json);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Without data</source>
        <translation>Ohne Daten</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Save as HTML…</source>
        <translation>Als HTML speichern…</translation>
    </message>
    <message>
        <source>Save as JUnit…</source>
        <translation>Als JUnit speichern…</translation>
    </message>
    <message>
        <source>Save as JSON…</source>
        <translation>Als JSON speichern…</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Ausführen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Outcome of the run</source>
        <translation>Ergebnis des Laufs</translation>
    </message>
    <message numerus="yes">
        <source>%n chosen item(s)</source>
        <translation>
            <numerusform>%n gewählter Eintrag</numerusform>
            <numerusform>%n gewählte Einträge</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::SchemeForm</name>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>More settings</source>
        <translation>Weitere Einstellungen</translation>
    </message>
    <message>
        <source>Show more settings of this kind</source>
        <translation>Weitere Einstellungen dieser Art anzeigen</translation>
    </message>
    <message>
        <source>OAuth 2</source>
        <translation>OAuth 2</translation>
    </message>
    <message>
        <source>JWT made for each request</source>
        <translation>JWT, für jede Anfrage erzeugt</translation>
    </message>
    <message>
        <source>Digest: user and password</source>
        <translation>Digest: Benutzer und Passwort</translation>
    </message>
    <message>
        <source>A header of your own</source>
        <translation>Eigener Header</translation>
    </message>
    <message>
        <source>AWS signature</source>
        <translation>AWS-Signatur</translation>
    </message>
    <message>
        <source>HTTP message signature</source>
        <translation>HTTP-Nachrichtensignatur</translation>
    </message>
    <message>
        <source>NTLM: user and password</source>
        <translation>NTLM: Benutzer und Passwort</translation>
    </message>
    <message>
        <source>Negotiate: the desktop&apos;s Kerberos ticket</source>
        <translation>Negotiate: das Kerberos-Ticket des Desktops</translation>
    </message>
    <message>
        <source>Login request: an API&apos;s own login</source>
        <translation>Anmeldeanfrage: die eigene Anmeldung einer API</translation>
    </message>
    <message>
        <source>Client certificate alone</source>
        <translation>Nur Client-Zertifikat</translation>
    </message>
</context>
<context>
    <name>kb::ScopePills</name>
    <message>
        <source>Scopes: %1</source>
        <translation>Scopes: %1</translation>
    </message>
    <message>
        <source>Scopes of the token:</source>
        <translation>Scopes des Tokens:</translation>
    </message>
</context>
<context>
    <name>kb::SecretEdit</name>
    <message>
        <source>Secret</source>
        <translation>Geheimnis</translation>
    </message>
    <message>
        <source>Show for 30 seconds</source>
        <translation>30 Sekunden lang anzeigen</translation>
    </message>
    <message>
        <source>the word %1</source>
        <translation>das Wort %1</translation>
    </message>
    <message>
        <source>quotes</source>
        <translation>Anführungszeichen</translation>
    </message>
    <message>
        <source>white space</source>
        <translation>Leerraum</translation>
    </message>
    <message>
        <source>Taken off while pasting: %1.</source>
        <translation>Beim Einfügen entfernt: %1.</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message numerus="yes">
        <source>(%n line(s))</source>
        <translation>
            <numerusform>(%n Zeile)</numerusform>
            <numerusform>(%n Zeilen)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::SecretReveal</name>
    <message>
        <source>Hold to see the secret, or click to see it for 30 seconds</source>
        <translation>Halten, um das Geheimnis zu sehen, oder klicken, um es 30 Sekunden lang zu sehen</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Verbergen</translation>
    </message>
    <message>
        <source>Reveal</source>
        <translation>Aufdecken</translation>
    </message>
    <message>
        <source>Hide the secret</source>
        <translation>Geheimnis verbergen</translation>
    </message>
    <message>
        <source>Reveal the secret: hold, or click for 30 seconds</source>
        <translation>Geheimnis aufdecken: halten, oder klicken für 30 Sekunden</translation>
    </message>
</context>
<context>
    <name>kb::SecretVariableDialog</name>
    <message>
        <source>Keep it only until Keybearer ends</source>
        <translation>Nur behalten, bis Keybearer endet</translation>
    </message>
    <message>
        <source>Secret variable</source>
        <translation>Geheime Variable</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Kept. Type a new one to replace it.</source>
        <translation>Aufbewahrt. Ein neuer Wert ersetzt ihn.</translation>
    </message>
    <message>
        <source>May go to</source>
        <translation>Darf gehen an</translation>
    </message>
    <message>
        <source>One a line, such as https://api.example.com</source>
        <translation>Eine pro Zeile, etwa https://api.example.com</translation>
    </message>
    <message>
        <source>A variable needs a name.</source>
        <translation>Eine Variable braucht einen Namen.</translation>
    </message>
    <message>
        <source>Type the value that is to be kept.</source>
        <translation>Geben Sie den Wert ein, der aufbewahrt werden soll.</translation>
    </message>
</context>
<context>
    <name>kb::SendAsBar</name>
    <message>
        <source>TLS check off</source>
        <translation>TLS-Prüfung aus</translation>
    </message>
    <message>
        <source>plain http</source>
        <translation>unverschlüsseltes HTTP</translation>
    </message>
    <message>
        <source>Send as</source>
        <translation>Senden als</translation>
    </message>
    <message>
        <source>This request does not check the server’s certificate. Switch it on again under Settings.</source>
        <translation>Diese Anfrage prüft das Zertifikat des Servers nicht. Unter „Einstellungen“ schalten Sie die Prüfung wieder ein.</translation>
    </message>
    <message>
        <source>The request goes out without encryption.</source>
        <translation>Die Anfrage wird unverschlüsselt gesendet.</translation>
    </message>
    <message>
        <source>no token</source>
        <translation>kein Token</translation>
    </message>
    <message>
        <source>not in this workspace</source>
        <translation>nicht in diesem Arbeitsbereich</translation>
    </message>
    <message>
        <source>role: %1 +%2</source>
        <translation>Rolle: %1 +%2</translation>
    </message>
    <message>
        <source>role: %1</source>
        <translation>Rolle: %1</translation>
    </message>
    <message>
        <source>Roles of the token:</source>
        <translation>Rollen des Tokens:</translation>
    </message>
</context>
<context>
    <name>kb::Session</name>
    <message>
        <source>%1 expires soon</source>
        <translation>%1 läuft bald ab</translation>
    </message>
    <message>
        <source>Time left: %1.</source>
        <translation>Restzeit: %1.</translation>
    </message>
    <message>
        <source>This profile has no secret in this environment.</source>
        <translation>Dieses Profil hat in dieser Umgebung kein Geheimnis.</translation>
    </message>
    <message>
        <source>Edit the profile and paste one.</source>
        <translation>Bearbeiten Sie das Profil und fügen Sie eines ein.</translation>
    </message>
    <message>
        <source>Another profile is called “%1”.</source>
        <translation>Ein anderes Profil heißt bereits „%1“.</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>That profile is gone.</source>
        <translation>Dieses Profil gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>%1 copy</source>
        <translation>%1 Kopie</translation>
    </message>
    <message>
        <source>%1 copy %2</source>
        <translation>%1 Kopie %2</translation>
    </message>
    <message>
        <source>This is production, and you chose not to change anything.</source>
        <translation>Das ist die Produktion, und Sie haben gewählt, nichts zu ändern.</translation>
    </message>
    <message>
        <source>The folder is gone.</source>
        <translation>Der Ordner ist nicht mehr da.</translation>
    </message>
    <message>
        <source>An access matrix</source>
        <translation>Eine Zugriffsmatrix</translation>
    </message>
    <message>
        <source>A run of requests</source>
        <translation>Ein Lauf von Anfragen</translation>
    </message>
    <message>
        <source>Change %1</source>
        <translation>%1 ändern</translation>
    </message>
    <message>
        <source>New request %1</source>
        <translation>Neue Anfrage %1</translation>
    </message>
    <message>
        <source>Settings of %1</source>
        <translation>Einstellungen von %1</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n Eintrag</numerusform>
            <numerusform>%n Einträge</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete %1</source>
        <translation>%1 löschen</translation>
    </message>
    <message>
        <source>Duplicate %1</source>
        <translation>%1 duplizieren</translation>
    </message>
    <message>
        <source>Rename %1</source>
        <translation>%1 umbenennen</translation>
    </message>
    <message>
        <source>Move %1</source>
        <translation>%1 verschieben</translation>
    </message>
    <message>
        <source>New folder %1</source>
        <translation>Neuer Ordner %1</translation>
    </message>
    <message>
        <source>The workspace&apos;s files cannot be read again: %1</source>
        <translation>Die Dateien des Arbeitsbereichs können nicht neu gelesen werden: %1</translation>
    </message>
    <message>
        <source>The value moves elsewhere, so it is needed once more.</source>
        <translation>Der Wert zieht um und wird deshalb noch einmal gebraucht.</translation>
    </message>
    <message>
        <source>Type it again.</source>
        <translation>Geben Sie ihn erneut ein.</translation>
    </message>
    <message>
        <source>It has no token yet. Log in.</source>
        <translation>Es hat noch kein Token. Melden Sie sich an.</translation>
    </message>
    <message>
        <source>It is made from %1: %2</source>
        <translation>Wird aus %1 gemacht: %2</translation>
    </message>
    <message>
        <source>Change environment %1</source>
        <translation>Umgebung %1 ändern</translation>
    </message>
    <message>
        <source>New environment %1</source>
        <translation>Neue Umgebung %1</translation>
    </message>
    <message>
        <source>Delete environment %1</source>
        <translation>Umgebung %1 löschen</translation>
    </message>
    <message>
        <source>Import %1</source>
        <translation>Import von %1</translation>
    </message>
    <message>
        <source>The workspace&apos;s settings have changed meanwhile.</source>
        <translation>Die Einstellungen des Workspace haben sich inzwischen geändert.</translation>
    </message>
    <message>
        <source>Nothing was touched.</source>
        <translation>Nichts wurde angefasst.</translation>
    </message>
    <message>
        <source>The profile “%1” has changed meanwhile.</source>
        <translation>Das Profil „%1“ hat sich inzwischen geändert.</translation>
    </message>
    <message>
        <source>Move a profile</source>
        <translation>Ein Profil verschieben</translation>
    </message>
    <message>
        <source>Change profile %1</source>
        <translation>Profil %1 ändern</translation>
    </message>
    <message>
        <source>New profile %1</source>
        <translation>Neues Profil %1</translation>
    </message>
    <message>
        <source>%1 has no token yet: it obtains one of its own.</source>
        <translation>%1 hat noch kein Token: Es holt sich ein eigenes.</translation>
    </message>
    <message>
        <source>%1 needs a login of its own: two profiles may not use one refresh token.</source>
        <translation>%1 braucht eine eigene Anmeldung: Zwei Profile dürfen nicht ein Refresh-Token verwenden.</translation>
    </message>
    <message>
        <source>Duplicate profile %1</source>
        <translation>Profil %1 duplizieren</translation>
    </message>
    <message>
        <source>Delete profile %1</source>
        <translation>Profil %1 löschen</translation>
    </message>
</context>
<context>
    <name>kb::SettingsDialog</name>
    <message>
        <source>Tell me on the desktop before a token expires</source>
        <translation>Auf dem Desktop melden, bevor ein Token abläuft</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Ohne</translation>
    </message>
    <message>
        <source>This one</source>
        <translation>Diesen</translation>
    </message>
    <message>
        <source>Proxy address</source>
        <translation>Proxy-Adresse</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Proxy</translation>
    </message>
    <message>
        <source>A proxy address looks like http://host:8080 or socks5://host:1080.</source>
        <translation>Eine Proxy-Adresse sieht so aus: http://host:8080 oder socks5://host:1080.</translation>
    </message>
    <message>
        <source>A password does not belong in the settings file. Take it out of the address.</source>
        <translation>Ein Passwort gehört nicht in die Einstellungsdatei. Entfernen Sie es aus der Adresse.</translation>
    </message>
    <message>
        <source>Keep a history of what is sent, with secrets masked</source>
        <translation>Einen Verlauf des Gesendeten führen, Geheimnisse maskiert</translation>
    </message>
    <message>
        <source>Show in the tray which tokens end next</source>
        <translation>Im Infobereich zeigen, welche Tokens als Nächstes enden</translation>
    </message>
    <message>
        <source>Keep the history for</source>
        <translation>Verlauf behalten für</translation>
    </message>
    <message>
        <source> days</source>
        <translation> Tage</translation>
    </message>
    <message>
        <source>Keep at most</source>
        <translation>Höchstens behalten</translation>
    </message>
    <message>
        <source> exchanges</source>
        <translation> Einträge</translation>
    </message>
    <message>
        <source>Keep at most, in megabytes</source>
        <translation>Höchstens behalten, in Megabyte</translation>
    </message>
    <message>
        <source> MB</source>
        <translation> MB</translation>
    </message>
    <message>
        <source>The oldest go first. Pinned ones stay.</source>
        <translation>Die ältesten gehen zuerst. Angeheftete bleiben.</translation>
    </message>
</context>
<context>
    <name>kb::SignaturePanel</name>
    <message>
        <source>Signature</source>
        <translation>Signatur</translation>
    </message>
    <message>
        <source>Verify…</source>
        <translation>Verifizieren…</translation>
    </message>
    <message>
        <source>Checks the signature with the issuer&apos;s key.</source>
        <translation>Prüft die Signatur mit dem Schlüssel des Ausstellers.</translation>
    </message>
    <message>
        <source>not verified</source>
        <translation>nicht verifiziert</translation>
    </message>
    <message>
        <source>Nobody has checked it yet.</source>
        <translation>Noch hat sie niemand geprüft.</translation>
    </message>
    <message>
        <source>The claims are decoded: anyone can write these words. Only the signature, checked with the issuer&apos;s key, proves them.</source>
        <translation>Die Claims sind dekodiert: Das kann jeder schreiben. Erst die Signatur, mit dem Schlüssel des Ausstellers geprüft, beweist sie.</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>verifiziert</translation>
    </message>
    <message>
        <source>cannot verify</source>
        <translation>nicht verifizierbar</translation>
    </message>
    <message>
        <source>key %1</source>
        <translation>Schlüssel %1</translation>
    </message>
    <message>
        <source>times refused</source>
        <translation>Zeiten abgelehnt</translation>
    </message>
    <message>
        <source>in time</source>
        <translation>zeitlich gültig</translation>
    </message>
    <message>
        <source>claims refused</source>
        <translation>Claims abgelehnt</translation>
    </message>
    <message>
        <source>Key from %1. Checked at %2.</source>
        <translation>Schlüssel: %1. Geprüft um %2.</translation>
    </message>
    <message>
        <source>By its own exp, nbf and iat.</source>
        <translation>Nach seinen eigenen Claims exp, nbf und iat.</translation>
    </message>
</context>
<context>
    <name>kb::TablePane</name>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>kb::TimelineView</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>TLS</source>
        <translation>TLS</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Wait</source>
        <translation>Warten</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Empfang</translation>
    </message>
    <message>
        <source>Phases</source>
        <translation>Phasen</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitverlauf</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the timeline as text</source>
        <translation>Zeitverlauf als Text kopieren</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1, a connection used before</source>
        <translation>%1, eine schon benutzte Verbindung</translation>
    </message>
    <message>
        <source>%1, a new connection</source>
        <translation>%1, eine neue Verbindung</translation>
    </message>
    <message>
        <source>, from %1</source>
        <translation>, von %1</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Proxy</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>Verschlüsselung</translation>
    </message>
    <message>
        <source>issued by %1</source>
        <translation>ausgestellt von %1</translation>
    </message>
    <message>
        <source>valid until %1</source>
        <translation>gültig bis %1</translation>
    </message>
    <message>
        <source>checked</source>
        <translation>geprüft</translation>
    </message>
    <message>
        <source>not checked</source>
        <translation>nicht geprüft</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>Zertifikat</translation>
    </message>
    <message>
        <source>With the authorization server, for the token.</source>
        <translation>Mit dem Autorisierungsserver, für das Token.</translation>
    </message>
</context>
<context>
    <name>kb::UnsafeDialog</name>
    <message>
        <source>Unsafe methods</source>
        <translation>Unsichere Methoden</translation>
    </message>
    <message>
        <source>These operations can change something, so that nothing is sent without a strategy. Production is only read, whatever is chosen here.</source>
        <translation>Diese Operationen können etwas verändern. Ohne Strategie wird deshalb nichts gesendet. Aus der Produktion wird nur gelesen, was auch immer hier gewählt ist.</translation>
    </message>
    <message>
        <source>Operation</source>
        <translation>Operation</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>Strategie</translation>
    </message>
    <message>
        <source>Send them from this window</source>
        <translation>Von diesem Fenster aus senden</translation>
    </message>
    <message>
        <source>How many requests are really done</source>
        <translation>Wie viele Anfragen wirklich ausgeführt werden</translation>
    </message>
    <message>
        <source>Strategy of %1</source>
        <translation>Strategie von %1</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Nicht gesendet</translation>
    </message>
    <message>
        <source>An object that nobody has</source>
        <translation>Ein Objekt, das niemand hat</translation>
    </message>
    <message>
        <source>A body that is no good</source>
        <translation>Ein Body, der nichts taugt</translation>
    </message>
    <message>
        <source>A disposable object</source>
        <translation>Ein Wegwerfobjekt</translation>
    </message>
    <message>
        <source>An If-Match that fits nothing</source>
        <translation>Ein If-Match, das zu nichts passt</translation>
    </message>
    <message>
        <source>For real</source>
        <translation>Im Ernst</translation>
    </message>
    <message>
        <source>Its disposable object</source>
        <translation>Sein Wegwerfobjekt</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>Angelegt mit</translation>
    </message>
    <message>
        <source>As</source>
        <translation>Als</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>Body</translation>
    </message>
    <message>
        <source>the document&apos;s example</source>
        <translation>das Beispiel des Dokuments</translation>
    </message>
    <message>
        <source>Its id, in the answer</source>
        <translation>Seine ID in der Antwort</translation>
    </message>
    <message>
        <source>Looked at with</source>
        <translation>Angesehen mit</translation>
    </message>
    <message>
        <source>Removed by</source>
        <translation>Entfernt mit</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) would really be done. Type the number, or they are not sent.</source>
        <translation>
            <numerusform>%n Anfrage würde wirklich ausgeführt. Tippen Sie die Zahl, sonst wird sie nicht gesendet.</numerusform>
            <numerusform>%n Anfragen würden wirklich ausgeführt. Tippen Sie die Zahl, sonst werden sie nicht gesendet.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::UrlEdit</name>
    <message>
        <source>URL</source>
        <translation>URL</translation>
    </message>
    <message>
        <source>https://api.example.com/users/:id, or {{baseUrl}}/users</source>
        <translation>https://api.example.com/users/:id oder {{baseUrl}}/users</translation>
    </message>
</context>
<context>
    <name>kb::VariablesEdit</name>
    <message>
        <source>Variable</source>
        <translation>Variable</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>Variablen</translation>
    </message>
    <message>
        <source>Add variable</source>
        <translation>Variable hinzufügen</translation>
    </message>
</context>
<context>
    <name>kb::VerifyDialog</name>
    <message>
        <source>The key file cannot be read: %1</source>
        <translation>Die Schlüsseldatei ist nicht lesbar: %1</translation>
    </message>
    <message>
        <source>Check the path and its permissions.</source>
        <translation>Prüfen Sie den Pfad und die Zugriffsrechte.</translation>
    </message>
    <message>
        <source>The key file is larger than 1 MB.</source>
        <translation>Die Schlüsseldatei ist größer als 1 MB.</translation>
    </message>
    <message>
        <source>Verify the token of %1</source>
        <translation>Token von %1 verifizieren</translation>
    </message>
    <message>
        <source>From the issuer&apos;s metadata</source>
        <translation>Aus den Metadaten des Ausstellers</translation>
    </message>
    <message>
        <source>A JWK Set at an address</source>
        <translation>Ein JWK-Set unter einer Adresse</translation>
    </message>
    <message>
        <source>A file</source>
        <translation>Eine Datei</translation>
    </message>
    <message>
        <source>A key or secret that I paste</source>
        <translation>Ein eingefügter Schlüssel oder ein Geheimnis</translation>
    </message>
    <message>
        <source>JWK Set, JWK or PEM</source>
        <translation>JWK-Set, JWK oder PEM</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>Choose the key file</source>
        <translation>Schlüsseldatei auswählen</translation>
    </message>
    <message>
        <source>PEM, JWK or a shared secret; it is not kept</source>
        <translation>PEM, JWK oder ein gemeinsames Geheimnis; wird nicht aufbewahrt</translation>
    </message>
    <message>
        <source>Any, if empty</source>
        <translation>Beliebig, wenn leer</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Issuer</source>
        <translation>Aussteller (Issuer)</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Key or secret</source>
        <translation>Schlüssel oder Geheimnis</translation>
    </message>
    <message>
        <source>iss must be</source>
        <translation>iss muss sein</translation>
    </message>
    <message>
        <source>aud must hold</source>
        <translation>aud muss enthalten</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Verifizieren</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>Schlüsseldatei</translation>
    </message>
    <message>
        <source>The keys are fetched over https, or from this machine. The token stays here.</source>
        <translation>Die Schlüssel werden über https oder von diesem Rechner geholt. Das Token bleibt hier.</translation>
    </message>
    <message>
        <source>Nothing is sent anywhere.</source>
        <translation>Es wird nirgendwohin etwas gesendet.</translation>
    </message>
    <message>
        <source>Verifying…</source>
        <translation>Wird verifiziert…</translation>
    </message>
    <message>
        <source>There is no key to verify with.</source>
        <translation>Es gibt keinen Schlüssel zum Verifizieren.</translation>
    </message>
    <message>
        <source>Paste a key or a shared secret.</source>
        <translation>Fügen Sie einen Schlüssel oder ein gemeinsames Geheimnis ein.</translation>
    </message>
    <message>
        <source>the file %1</source>
        <translation>Datei %1</translation>
    </message>
    <message>
        <source>what was pasted</source>
        <translation>eingefügt</translation>
    </message>
    <message>
        <source>The profile has no token in this environment.</source>
        <translation>Das Profil hat in dieser Umgebung kein Token.</translation>
    </message>
    <message>
        <source>typ must be</source>
        <translation>typ muss sein</translation>
    </message>
</context>
<context>
    <name>kb::WaiveDialog</name>
    <message>
        <source>Waive a finding</source>
        <translation>Einen Befund hinnehmen</translation>
    </message>
    <message>
        <source>All of the finding: %1</source>
        <translation>Der ganze Befund: %1</translation>
    </message>
    <message>
        <source>This cell: %1</source>
        <translation>Diese Zelle: %1</translation>
    </message>
    <message>
        <source>Why it is borne: an issue&apos;s number, an agreement</source>
        <translation>Warum er hingenommen wird: Ticketnummer, Absprache</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Who says so</source>
        <translation>Wer das sagt</translation>
    </message>
    <message>
        <source>Until, as 2030-01-31</source>
        <translation>Bis, etwa 2030-01-31</translation>
    </message>
    <message>
        <source>Waive</source>
        <translation>Hinnehmen</translation>
    </message>
    <message>
        <source>A waiver needs a reason.</source>
        <translation>Eine Ausnahme braucht einen Grund.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no date. Write it as 2030-01-31.</source>
        <translation>„%1“ ist kein Datum. Schreibweise: 2030-01-31.</translation>
    </message>
</context>
</TS>
