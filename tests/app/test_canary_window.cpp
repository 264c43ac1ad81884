// SPDX-License-Identifier: GPL-3.0-or-later
// Plants a unique secret in the window, goes through profile, send, refusal, error, save and settings, and
// searches every widget's text, every model and every file written for it.
#include "cli_process.h"
#include "window_fixture.h"

#include "ui/answer_pane.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"

#include <QAbstractItemView>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUuid>

using namespace kb;

class TestCanaryWindow : public QObject {
    Q_OBJECT

    /// Everything a person, a screen reader or a test could read off the widgets: all text properties, and
    /// every model.
    static QByteArray allText(QWidget* root) {
        QByteArray all;
        // Reading a property may make or delete objects: a size hint polishes, a model loads.
        QList<QPointer<QObject>> objects{root};
        for (QObject* child : root->findChildren<QObject*>())
            objects.append(child);
        for (const QPointer<QObject>& object : std::as_const(objects)) {
            if (!object) continue;
            for (int i = 0; object && i < object->metaObject()->propertyCount(); ++i) {
                const QVariant value = object->metaObject()->property(i).read(object.data());
                if (value.canConvert<QString>()) all += value.toString().toUtf8() + '\n';
            }
            if (auto* view = qobject_cast<QAbstractItemView*>(object.data()); view && view->model())
                collect(*view->model(), {}, all);
        }
        return all;
    }
    static void collect(const QAbstractItemModel& model, const QModelIndex& parent, QByteArray& into) {
        for (int row = 0; row < model.rowCount(parent); ++row) {
            for (int column = 0; column < model.columnCount(parent); ++column) {
                const QModelIndex index = model.index(row, column, parent);
                for (int role = 0; role < Qt::UserRole + 12; ++role)
                    into += model.data(index, role).toString().toUtf8() + '\n';
            }
            collect(model, model.index(row, 0, parent), into);
        }
    }

private Q_SLOTS:
    void nothingLeaks() {
        const QByteArray secret = "kb+/canary=" + QUuid::createUuid().toByteArray(QUuid::Id128);
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        QByteArray seen;
        connect(&server, &QTcpServer::newConnection, this, [&] {
            QTcpSocket* socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [&, socket] {
                const QByteArray request = socket->readAll();
                seen += request;
                if (request.startsWith("GET /break")) return socket->abort();
                const bool deny = request.startsWith("GET /deny");
                const QByteArray body = "{\"you\":\"" + secret + "\",\"b\":\"" + secret.toBase64() + "\"}";
                socket->write(
                    QByteArray("HTTP/1.1 ") + (deny ? "401 Unauthorized" : "200 OK") + "\r\nX-Echo: " +
                    secret + "\r\nWWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"" +
                    secret + "\"\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                    QByteArray::number(body.size()) + "\r\n\r\n" + body);
                socket->disconnectFromHost();
            });
        });
        const QString base = QStringLiteral("http://127.0.0.1:%1").arg(server.serverPort());

        WindowFixture m;
        QVERIFY(m.workspaces.create(m.folder.filePath("work"), "Work"));
        QVERIFY(m.session->openWorkspace(m.folder.filePath("work")));
        m.open();
        QByteArray all;
        TokenProfile profile;
        profile.id = "canary";
        profile.name = "Canary";
        profile.bindings.append(
            {{}, SecretRef{QUuid::createUuid().toString(QUuid::WithoutBraces)}, {base}, {}});
        SecretRecord record;
        record.secret = Secret(std::string_view(secret.constData(), std::size_t(secret.size())));
        record.allowedOrigins = {base};
        std::optional<bool> saved;
        m.session->saveProfile(profile, std::move(record),
                               [&](const Result<void>& result) { saved = result.has_value(); });
        QTRY_VERIFY_WITH_TIMEOUT(saved, 10000);
        QVERIFY(*saved);
        QTRY_VERIFY_WITH_TIMEOUT(m.session->state("canary") && m.session->state("canary")->facts, 10000);
        all += allText(m.window.get());

        for (const char* target : {"/echo", "/deny", "/break"}) {
            RequestSpec spec;
            spec.name = QString::fromLatin1(target + 1);
            spec.url = base + QString::fromLatin1(target);
            spec.profileId = "canary";
            RequestTab* tab = m.window->openSpec(spec);
            QSignalSpy finished(tab, &RequestTab::finished);
            tab->send();
            QVERIFY(finished.wait(20000));
            QTest::qWait(50);
            all += allText(m.window.get());
            QVERIFY(tab->save({}));
        }
        for (const QString& elsewhere :
             {QStringLiteral("http://localhost:1/"), QStringLiteral("http://127.0.0.1:1/")}) {
            RequestSpec spec;
            spec.url = elsewhere;
            spec.profileId = "canary";
            RequestTab* tab = m.window->openSpec(spec);
            QSignalSpy finished(tab, &RequestTab::finished);
            tab->send();
            QVERIFY(finished.wait(20000));
            QVERIFY(tab->result()->error);
            all += allText(m.window.get());
        }
        m.window->selectProfile("canary");
        all += allText(m.window.get());
        QVERIFY(m.session->duplicateProfile("canary"));
        m.session->removeProfile("canary");
        QTest::qWait(200);
        all += allText(m.window.get());
        m.window->close();

        QVERIFY(seen.contains(QByteArray("Authorization: Bearer " + secret)));
        QVERIFY(all.contains("Canary"));
        QVERIFY2(all.contains("•"), "the masked form is shown");
        QVERIFY2(firstLeak(all, secret).isEmpty(), firstLeak(all, secret).constData());
        const QMap<QString, QByteArray> files = filesBelow(m.folder.path());
        QVERIFY(files.size() >= 4);
        for (auto it = files.cbegin(); it != files.cend(); ++it)
            QVERIFY2(firstLeak(it.value() + it.key().toUtf8(), secret).isEmpty(), qPrintable(it.key()));
    }
};

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    Theme::instance().apply(app, Theme::Mode::Light);
    TestCanaryWindow test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_canary_window.moc"
