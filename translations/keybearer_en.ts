<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AnswerFormat</name>
    <message numerus="yes">
        <source>%n hop(s) before</source>
        <translation>
            <numerusform>%n hop before</numerusform>
            <numerusform>%n hops before</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Cli</name>
    <message numerus="yes">
        <source>%n cell(s) pinned.</source>
        <translation>
            <numerusform>%n cell pinned.</numerusform>
            <numerusform>%n cells pinned.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n environment(s)</source>
        <translation>
            <numerusform>%n environment</numerusform>
            <numerusform>%n environments</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n profile(s)</source>
        <translation>
            <numerusform>%n profile</numerusform>
            <numerusform>%n profiles</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cell(s) are left of that run.</source>
        <translation>
            <numerusform>%n cell is left of that run.</numerusform>
            <numerusform>%n cells are left of that run.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n mark(s)</source>
        <translation>
            <numerusform>%n mark</numerusform>
            <numerusform>%n marks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rule(s)</source>
        <translation>
            <numerusform>%n rule</numerusform>
            <numerusform>%n rules</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Import</name>
    <message numerus="yes">
        <source>%n request(s) that came again are left out.</source>
        <translation>
            <numerusform>%n request that came again is left out.</numerusform>
            <numerusform>%n requests that came again are left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) tell by a pattern what a success is: see what answers mean in the settings of the matrix.</source>
        <translation>
            <numerusform>%n request tell by a pattern what a success is: see what answers mean in the settings of the matrix.</numerusform>
            <numerusform>%n requests tell by a pattern what a success is: see what answers mean in the settings of the matrix.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Matrix</name>
    <message numerus="yes">
        <source>%1 lets %2 in, whom all %n other write(s) there turn away.</source>
        <translation>
            <numerusform>%1 lets %2 in, whom the %n other write there turns away.</numerusform>
            <numerusform>%1 lets %2 in, whom all %n other writes there turn away.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Runner</name>
    <message numerus="yes">
        <source>%n request(s) have scripts, which are kept and not run: %1</source>
        <translation>
            <numerusform>%n request has scripts, which are kept and not run: %1</numerusform>
            <numerusform>%n requests have scripts, which are kept and not run: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SigV4</name>
    <message numerus="yes">
        <source>This computer&apos;s clock is %n minute(s) ahead of the server&apos;s; AWS allows 15.</source>
        <translation>
            <numerusform>This computer&apos;s clock is %n minute ahead of the server&apos;s; AWS allows 15.</numerusform>
            <numerusform>This computer&apos;s clock is %n minutes ahead of the server&apos;s; AWS allows 15.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>This computer&apos;s clock is %n minute(s) behind the server&apos;s; AWS allows 15.</source>
        <translation>
            <numerusform>This computer&apos;s clock is %n minute behind the server&apos;s; AWS allows 15.</numerusform>
            <numerusform>This computer&apos;s clock is %n minutes behind the server&apos;s; AWS allows 15.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::CompareDialog</name>
    <message numerus="yes">
        <source>%n member(s) differ.</source>
        <translation>
            <numerusform>%n member differs.</numerusform>
            <numerusform>%n members differ.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::ConflictBar</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::EveryoneModel</name>
    <message numerus="yes">
        <source>; %n not as expected</source>
        <translation>
            <numerusform>; %n not as expected</numerusform>
            <numerusform>; %n not as expected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::GrantPanel</name>
    <message numerus="yes">
        <source>and %n more.</source>
        <translation>
            <numerusform>and %n more.</numerusform>
            <numerusform>and %n more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::HistoryWindow</name>
    <message numerus="yes">
        <source>The newest %n.</source>
        <translation>
            <numerusform>The newest %n.</numerusform>
            <numerusform>The newest %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n exchange(s). Secrets are masked.</source>
        <translation>
            <numerusform>%n exchange. Secrets are masked.</numerusform>
            <numerusform>%n exchanges. Secrets are masked.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::ImportDialog</name>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) as before</source>
        <translation>
            <numerusform>%n request as before</numerusform>
            <numerusform>%n requests as before</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::MainWindow</name>
    <message numerus="yes">
        <source>%n profile(s)</source>
        <translation>
            <numerusform>%n profile</numerusform>
            <numerusform>%n profiles</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n profile(s), %1 expired</source>
        <translation>
            <numerusform>%n profile, %1 expired</numerusform>
            <numerusform>%n profiles, %1 expired</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) were never saved.</source>
        <translation>
            <numerusform>%n request was never saved.</numerusform>
            <numerusform>%n requests were never saved.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) imported.</source>
        <translation>
            <numerusform>%n request imported.</numerusform>
            <numerusform>%n requests imported.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Edits of %n request(s) were not saved when this workspace was left.</source>
        <translation>
            <numerusform>Edits of %n request were not saved when this workspace was left.</numerusform>
            <numerusform>Edits of %n requests were not saved when this workspace was left.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::MatrixDetails</name>
    <message numerus="yes">
        <source>%n run(s), the newest last.</source>
        <translation>
            <numerusform>%n run.</numerusform>
            <numerusform>%n runs, the newest last.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::MatrixModel</name>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n row</numerusform>
            <numerusform>%n rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::MatrixWindow</name>
    <message numerus="yes">
        <source>Run %n probe(s)</source>
        <translation>
            <numerusform>Run %n probe</numerusform>
            <numerusform>Run %n probes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cell(s), nothing sent yet</source>
        <translation>
            <numerusform>%n cell, nothing sent yet</numerusform>
            <numerusform>%n cells, nothing sent yet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) would carry a forged credential to %1.</source>
        <translation>
            <numerusform>%n request would carry a forged credential to %1.</numerusform>
            <numerusform>%n requests would carry a forged credential to %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) would really be done. Type the number once more for another run.</source>
        <translation>
            <numerusform>%n request would really be done. Type the number once more for another run.</numerusform>
            <numerusform>%n requests would really be done. Type the number once more for another run.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::RequestHints</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::RevealedSecret</name>
    <message numerus="yes">
        <source>The secret, %n bytes, is on the screen</source>
        <translation>
            <numerusform>The secret, %n byte, is on the screen</numerusform>
            <numerusform>The secret, %n bytes, is on the screen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> … %n more characters</source>
        <translation>
            <numerusform> … %n more characters</numerusform>
            <numerusform> … %n more characters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::RunnerWindow</name>
    <message numerus="yes">
        <source>%1 is a production environment, and %n request(s) may change something there.</source>
        <translation>
            <numerusform>%1 is a production environment, and %n request may change something there.</numerusform>
            <numerusform>%1 is a production environment, and %n requests may change something there.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n chosen item(s)</source>
        <translation>
            <numerusform>%n chosen item</numerusform>
            <numerusform>%n chosen items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::SecretEdit</name>
    <message numerus="yes">
        <source>(%n line(s))</source>
        <translation>
            <numerusform>(%n line)</numerusform>
            <numerusform>(%n lines)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::Session</name>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>kb::UnsafeDialog</name>
    <message numerus="yes">
        <source>%n request(s) would really be done. Type the number, or they are not sent.</source>
        <translation>
            <numerusform>%n request would really be done. Type the number, or it is not sent.</numerusform>
            <numerusform>%n requests would really be done. Type the number, or they are not sent.</numerusform>
        </translation>
    </message>
</context>
</TS>
