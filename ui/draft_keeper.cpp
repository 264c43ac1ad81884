// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/draft_keeper.h"

#include "core/interchange/export_clean.h"
#include "core/run/draft_store.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"

namespace kb {

DraftKeeper::DraftKeeper(Session& session, QObject* parent) : QObject(parent), m_session(session) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(1000);
    connect(&m_soon, &QTimer::timeout, this, &DraftKeeper::flush);
}

void DraftKeeper::touch(RequestTab* tab) {
    if (!m_session.services().drafts) return;
    if (!m_touched.contains(tab)) m_touched.append(tab);
    if (!m_soon.isActive()) m_soon.start(); // not put off by typing on
}

void DraftKeeper::flush() {
    m_soon.stop();
    for (const QPointer<RequestTab>& tab : std::exchange(m_touched, {}))
        if (tab) write(*tab);
}

void DraftKeeper::leave() {
    flush();
    m_written.clear();
}

void DraftKeeper::write(RequestTab& tab) {
    if (!tab.isModified()) {
        if (m_written.contains(tab.draftId())) drop(tab.draftId());
        return;
    }
    Draft draft;
    draft.path = tab.path();
    QStringList notes, others;
    RequestSpec now = tab.editor().spec();
    now.name = tab.title();
    draft.now = withoutSecrets(now, notes);
    draft.base = withoutSecrets(tab.base(), others);
    draft.withoutSecrets = !notes.isEmpty();
    const Result<void> kept = writeDraft(draft).and_then([&](const QByteArray& text) {
        return m_session.services().drafts->keep(m_session.workspace().folder, tab.draftId(), text);
    });
    m_written.insert(tab.draftId());
    if (!kept && !std::exchange(m_failed, true)) Q_EMIT m_session.message(kept.error().text());
}

void DraftKeeper::drop(const QString& id) {
    m_written.remove(id);
    m_touched.removeIf([&](const QPointer<RequestTab>& tab) { return tab && tab->draftId() == id; });
    if (DraftStore* store = m_session.services().drafts) store->drop(m_session.workspace().folder, id);
}

void DraftKeeper::dropAll() {
    for (const QString& id : QSet<QString>(m_written))
        drop(id);
    m_touched.clear();
}

QList<DraftKeeper::Kept> DraftKeeper::kept() {
    QList<Kept> drafts;
    DraftStore* store = m_session.services().drafts;
    if (!store) return drafts;
    for (const DraftStore::Entry& entry : store->entries(m_session.workspace().folder)) {
        if (m_written.contains(entry.id)) continue;
        if (Result<Draft> draft = readDraft(entry.text)) drafts.append({entry.id, std::move(*draft)});
    }
    return drafts;
}

} // namespace kb
