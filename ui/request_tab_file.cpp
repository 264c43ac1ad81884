// SPDX-License-Identifier: GPL-3.0-or-later
// The part of RequestTab that keeps its edits and its file together.
#include "core/workspace/merge_request.h"
#include "ui/conflict_bar.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"

namespace kb {

static RequestSpec specOf(const TreeItem& item) {
    RequestSpec spec = item.request;
    spec.id = item.path;
    spec.name = item.name;
    return spec;
}

RequestSpec RequestTab::edited() const {
    RequestSpec spec = m_editor->spec();
    spec.id = m_path;
    spec.name = m_name;
    return spec;
}

Result<void> RequestTab::save(const QString& folder) {
    if (m_conflict->asks())
        return fail(ErrorCode::Conflict, tr("Another program changed this request, too."), title(),
                    tr("Choose above the request which values are to count, then save."));
    RequestSpec spec = edited();
    spec.name = title();
    const bool back = m_path.isEmpty() && m_session.workspace().find(m_formerFolder);
    const QString& into = back ? m_formerFolder : folder;
    Result<QString> saved = m_session.saveRequest(spec, into);
    if (!saved && saved.error().code == ErrorCode::Conflict) {
        // The file has changed and nobody told us yet: look now, and save if the edits go together.
        m_session.refreshFromDisk();
        if (m_conflict->asks()) return save(folder);
        spec = edited();
        spec.name = title();
        saved = m_session.saveRequest(spec, into);
    }
    if (!saved) return tl::unexpected(saved.error());
    m_path = *saved;
    m_name = spec.name;
    m_editor->setPlace(m_path);
    m_editor->setClean();
    m_base = edited();
    m_conflict->hide();
    Q_EMIT titleChanged();
    return {};
}

/// `now` stands in the editor, and counts as changed where it is not as `clean`.
void RequestTab::showRequest(const RequestSpec& clean, const RequestSpec& now) {
    m_name = now.name;
    if (clean == edited() && clean == now && !isModified()) return;
    m_editor->setSpec(clean);
    if (now != clean) m_editor->replaceSpec(now);
    Q_EMIT titleChanged();
}

void RequestTab::merge(const RequestSpec& base, const RequestSpec& mine, const RequestSpec& theirs) {
    const MergedRequest merged = mergeRequest(base, mine, theirs);
    showRequest(theirs, merged.mine);
    if (merged.conflicts.isEmpty()) {
        m_base = theirs;
        m_conflict->hide();
        if (mine != merged.mine)
            m_conflict->showNote(tr("Another program changed this request. Your edits were merged with it."));
        return;
    }
    m_base = base;
    m_onDisk = theirs;
    m_theirs = merged.theirs;
    m_conflict->showConflicts(merged.conflicts);
}

void RequestTab::fileChanged(const TreeItem* now) {
    if (m_path.isEmpty()) return;
    if (!now) {
        m_formerFolder = m_path.section(u'/', 0, -2);
        const RequestSpec mine = edited();
        m_path.clear();
        m_base = {};
        m_editor->setSpec({});
        m_editor->replaceSpec(mine);
        m_editor->setPlace({});
        m_conflict->showNote(
            tr("This request's file is gone. Your edits are still here: Save makes it anew."));
        Q_EMIT titleChanged();
        return;
    }
    const RequestSpec theirs = specOf(*now);
    if (theirs == (m_conflict->asks() ? m_onDisk : m_base)) return;
    if (isModified())
        merge(m_base, edited(), theirs);
    else {
        m_base = theirs;
        showRequest(theirs, theirs);
    }
}

void RequestTab::setPlace(const QString& path) {
    m_path = path;
    for (RequestSpec* spec : {&m_base, &m_onDisk, &m_theirs})
        spec->id = path;
    m_editor->setPlace(path);
    Q_EMIT titleChanged();
}

void RequestTab::takeUp(const RequestSpec& base, const RequestSpec& now) {
    RequestSpec mine = now;
    mine.id = m_path;
    if (!m_path.isEmpty()) return merge(base, mine, m_base);
    m_name = mine.name;
    m_editor->replaceSpec(mine);
}

void RequestTab::chooseMine() {
    m_base = m_onDisk;
    m_conflict->showNote(tr("Your values count. Save writes them."));
}

void RequestTab::chooseTheirs() {
    const RequestSpec mine = edited(), base = m_base, onDisk = m_onDisk;
    m_base = m_onDisk;
    showRequest(m_onDisk, m_theirs);
    m_conflict->showNote(tr("The values on disk count."), tr("Put mine back"), [this, mine, base, onDisk] {
        if (m_base == onDisk) merge(base, mine, onDisk);
    });
}

} // namespace kb
