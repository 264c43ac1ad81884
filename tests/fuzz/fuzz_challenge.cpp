// SPDX-License-Identifier: GPL-3.0-or-later
// The challenge parser on anything. Beside not crashing it must keep its promises, whatever a server sends.
// Field lines are told apart by line feeds, which a field value cannot hold.
#include "core/http/challenge.h"

#include <QSet>
#include <cstdint>
#include <cstdlib>

namespace {

void require(bool promise) {
    if (!promise) std::abort();
}

void check(const kb::Challenge& challenge) {
    require(kb::isToken(challenge.scheme));
    require(challenge.token68.isEmpty() || challenge.params.isEmpty());
    QSet<QByteArray> names;
    for (const kb::AuthParam& param : challenge.params) {
        require(kb::isToken(param.name));
        require(param.name == param.name.toLower());
        require(!names.contains(param.name));
        require(challenge.param(param.name.toUpper()) == (param.repeated ? QByteArray() : param.value));
        names.insert(param.name);
    }
    require(!challenge.text().isEmpty());
}

/// What a well-formed challenge says is read back from its own text.
void readBack(const kb::Challenge& challenge) {
    QByteArray line = challenge.scheme;
    if (!challenge.token68.isEmpty()) line += ' ' + challenge.token68;
    bool first = true;
    for (const kb::AuthParam& param : challenge.params) {
        QByteArray value = param.value;
        value.replace('\\', "\\\\").replace('"', "\\\"");
        line += (first ? " " : ", ") + param.name + "=\"" + value + '"';
        first = false;
        if (param.repeated) line += ", " + param.name + "=\"" + value + "-other\"";
    }
    const kb::ChallengeList again = kb::parseChallenges({line});
    require(again.challenges.size() == 1);
    require(again.challenges[0].scheme == challenge.scheme);
    require(again.challenges[0].token68 == challenge.token68);
    require(again.challenges[0].params == challenge.params);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const QByteArray input(reinterpret_cast<const char*>(data), qsizetype(size));
    const kb::ChallengeList list = kb::parseChallenges(input.split('\n'));
    for (const kb::Challenge& challenge : list.challenges) {
        check(challenge);
        readBack(challenge);
    }
    return 0;
}
