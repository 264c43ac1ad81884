// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of MatrixRulesDialog about single answers: marks by hand, members that are not for everybody, and
// texts that tell whose object an answer holds.
#include "core/base/json_pointer.h"
#include "ui/matrix_details.h"
#include "ui/matrix_rules_dialog.h"

#include <QTableWidget>

namespace kb {

QList<std::pair<QString, QString>> MatrixRulesDialog::anyProfile() const {
    QList<std::pair<QString, QString>> all{{QString(), tr("everybody")}};
    for (const MatrixProfile& profile : m_profiles)
        all.append({profile.id, profile.name});
    return all;
}

void MatrixRulesDialog::buildMarks() {
    QList<std::pair<QString, QString>> expectations;
    for (const Expect expect : {Expect::Allow, Expect::DenyAuthn, Expect::DenyAuthz, Expect::Deny,
                                Expect::Conceal, Expect::Unknown, Expect::NotApplicable})
        expectations.append({expectName(expect), MatrixDetails::expectationText(expect)});
    addTable(tr("Marks"),
             tr("What is expected by hand: of a cell, a row (everybody) or a column (no operation). It goes "
                "before rules and the document."),
             {tr("Operation"), tr("Profile"), tr("Whose object"), tr("Expected"), tr("Reason")},
             [this, expectations](int row) {
                 setChoice(Marks, row, 1, anyProfile(), {}, tr("Profile"));
                 setChoice(Marks, row, 3, expectations, {}, tr("Expected"));
             });
    for (const MatrixMark& mark : m_now.marks) {
        addRow(Marks);
        const int row = m_tables[Marks]->rowCount() - 1;
        setText(Marks, row, 0, mark.operation);
        setChoice(Marks, row, 1, anyProfile(), mark.profile, tr("Profile"));
        setText(Marks, row, 2, mark.binding);
        setChoice(Marks, row, 3, expectations, expectName(mark.expect), tr("Expected"));
        setText(Marks, row, 4, mark.reason);
    }
}

void MatrixRulesDialog::buildFields() {
    addTable(
        tr("Fields"),
        tr("Members of answers that only those with all the claims may see; without claims nobody may. A "
           "member's name, or a JSON pointer where \"*\" is any item of a list."),
        {tr("Path"), tr("Methods"), tr("Tags"), tr("Fields"), tr("Claims"), tr("Whose object")}, [](int) {});
    for (const FieldRule& rule : m_now.fields) {
        addRow(Fields);
        const int row = m_tables[Fields]->rowCount() - 1;
        setText(Fields, row, 0, rule.path);
        setWords(Fields, row, 1, rule.methods);
        setWords(Fields, row, 2, rule.tags);
        setWords(Fields, row, 3, rule.fields);
        setWords(Fields, row, 4, rule.claims);
        setWords(Fields, row, 5, rule.bindings);
    }
}

void MatrixRulesDialog::buildMarkers() {
    addTable(
        tr("Markers"),
        tr("Texts that only a profile's own objects hold, such as its e-mail address. Found in another's "
           "answer they confirm that the door is open."),
        {tr("Profile"), tr("Texts")},
        [this](int row) { setChoice(Markers, row, 0, liveProfiles(), {}, tr("Profile")); });
    for (auto each = m_now.markers.cbegin(); each != m_now.markers.cend(); ++each) {
        addRow(Markers);
        const int row = m_tables[Markers]->rowCount() - 1;
        setChoice(Markers, row, 0, liveProfiles(), each.key(), tr("Profile"));
        setWords(Markers, row, 1, each.value());
    }
}

/// False, and the place is shown, where something cannot be used.
bool MatrixRulesDialog::checkMore() {
    QStringList bindings;
    for (const Binding binding : allBindings)
        bindings.append(bindingName(binding));
    const QString none = tr("\"%1\" is no binding. There are %2.");
    for (int row = 0; row < m_tables[Marks]->rowCount(); ++row) {
        const QString binding = textAt(Marks, row, 2);
        if (!binding.isEmpty() && !bindings.contains(binding))
            return refuse(Marks, row, none.arg(binding, bindings.join(QStringLiteral(", "))));
        if (textAt(Marks, row, 0).isEmpty() && textAt(Marks, row, 1).isEmpty())
            return refuse(Marks, row, tr("Name an operation or a profile."));
    }
    for (int row = 0; row < m_tables[Fields]->rowCount(); ++row) {
        const QStringList fields = wordsAt(Fields, row, 3);
        if (fields.isEmpty()) return refuse(Fields, row, tr("Name the fields."));
        for (const QString& field : fields)
            if (field.startsWith(u'/'))
                if (const Result<void> pointer = checkJsonPointer(field); !pointer)
                    return refuse(Fields, row, pointer.error().what);
        for (const QString& binding : wordsAt(Fields, row, 5))
            if (!bindings.contains(binding))
                return refuse(Fields, row, none.arg(binding, bindings.join(QStringLiteral(", "))));
    }
    for (int row = 0; row < m_tables[Markers]->rowCount(); ++row)
        if (textAt(Markers, row, 0).isEmpty() || wordsAt(Markers, row, 1).isEmpty())
            return refuse(Markers, row, tr("Something is missing."));
    return true;
}

void MatrixRulesDialog::applyMore(MatrixSettings& settings) const {
    settings.marks.clear();
    for (int row = 0; row < m_tables[Marks]->rowCount(); ++row) {
        MatrixMark mark{textAt(Marks, row, 0), textAt(Marks, row, 1), textAt(Marks, row, 2),
                        expectFromName(textAt(Marks, row, 3)).value_or(Expect::Unknown),
                        textAt(Marks, row, 4)};
        // What an answer looks like exactly is for the file; it stays with its cell.
        for (const MatrixMark& old : m_now.marks)
            if (old.operation == mark.operation && old.profile == mark.profile &&
                old.binding == mark.binding && old.expect == mark.expect)
                mark.exactly = old.exactly;
        settings.marks.append(mark);
    }
    settings.fields.clear();
    for (int row = 0; row < m_tables[Fields]->rowCount(); ++row)
        settings.fields.append({wordsAt(Fields, row, 1), wordsAt(Fields, row, 2), textAt(Fields, row, 0),
                                wordsAt(Fields, row, 3), wordsAt(Fields, row, 4), wordsAt(Fields, row, 5)});
    settings.markers.clear();
    for (int row = 0; row < m_tables[Markers]->rowCount(); ++row)
        settings.markers[textAt(Markers, row, 0)] += wordsAt(Markers, row, 1);
}

} // namespace kb
