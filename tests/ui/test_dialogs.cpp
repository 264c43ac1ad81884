// SPDX-License-Identifier: GPL-3.0-or-later
// The profile, settings and environment dialogs, and the palette.
#include "core/auth/further_keys.h"
#include "tests/support/accessible_walk.h"
#include "tests/support/ui_fixture.h"
#include "ui/certificate_row.h"
#include "ui/command_palette.h"
#include "ui/environment_dialog.h"
#include "ui/main_window.h"
#include "ui/profile_dialog.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"
#include "ui/secret_edit.h"
#include "ui/settings_dialog.h"
#include "ui/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QColorDialog>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QInputDialog>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace kb;
using namespace kb::test;

class TestDialogs : public QObject {
    Q_OBJECT

    template<class T> static T* named(const QWidget& top, const QString& name) {
        for (T* each : top.findChildren<T*>())
            if (each->accessibleName() == name || each->property("text").toString() == name) return each;
        return nullptr;
    }
    static QString words(const QWidget& top) {
        QString all;
        for (const QLabel* label : top.findChildren<QLabel*>())
            if (label->isVisibleTo(&top)) all += label->text() + QLatin1Char('\n');
        return all;
    }
    static void choose(QComboBox* box, const QVariant& data) { box->setCurrentIndex(box->findData(data)); }
    static QPushButton* button(const QWidget& top, const QString& part) {
        for (QPushButton* each : top.findChildren<QPushButton*>())
            if (each->text().contains(part)) return each;
        return nullptr;
    }

private Q_SLOTS:
    void cleanup() { Theme::instance().apply(*qApp, Theme::Mode::Light); }

    void eachKindHasItsFieldsAndWarnings() {
        UiFixture fixture;
        ProfileDialog dialog(*fixture.session, {});
        dialog.show();
        auto* kind = named<QComboBox>(dialog, QStringLiteral("Kind"));
        auto* place = named<QComboBox>(dialog, QStringLiteral("Where the key goes"));
        QVERIFY(kind && place);
        QVERIFY(!place->isVisible());
        QVERIFY(named<QLineEdit>(dialog, QStringLiteral("Scheme word"))->isVisible());
        choose(kind, QStringLiteral("basic"));
        QVERIFY(named<QLineEdit>(dialog, QStringLiteral("User"))->isVisible());
        QVERIFY(!named<QLineEdit>(dialog, QStringLiteral("Scheme word"))->isVisible());
        choose(kind, QStringLiteral("api-key"));
        QVERIFY(place->isVisible() && !named<QLineEdit>(dialog, QStringLiteral("User"))->isVisible());
        QVERIFY(!words(dialog).contains(QStringLiteral("logs")));
        choose(place, static_cast<int>(ApiKeyScheme::In::Query));
        QVERIFY(words(dialog).contains(QStringLiteral("logs")));
        choose(place, static_cast<int>(ApiKeyScheme::In::Cookie));
        QVERIFY(words(dialog).contains(QStringLiteral("cookie")));
    }

    /// RFC 7617 §2.1: UTF-8, unless the profile's switch says otherwise.
    void s5_3_theCharsetOfBasicIsASwitch() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        for (const bool on : {true, false}) {
            ProfileDialog dialog(*fixture.session, QStringLiteral("reader"));
            dialog.show();
            auto* latin1 = named<QCheckBox>(dialog, QStringLiteral("In ISO-8859-1, for an old server"));
            QCOMPARE(latin1->isVisible(), !on); // of a bearer token there is nothing to encode
            choose(named<QComboBox>(dialog, QStringLiteral("Kind")), QStringLiteral("basic"));
            QVERIFY(latin1->isVisible());
            QCOMPARE(latin1->isChecked(), !on); // as it was saved before
            named<QLineEdit>(dialog, QStringLiteral("User"))->setText(QStringLiteral("ada"));
            latin1->setChecked(on);
            if (on)
                dialog.findChild<SecretEdit*>()->setText(QStringLiteral("sesame-open-0003")); // another kind
            QSignalSpy saved(&dialog, &ProfileDialog::saved);
            button(dialog, QStringLiteral("Save"))->click();
            QTRY_COMPARE(saved.size(), 1);
            const TokenProfile* made = fixture.session->workspace().profile(QStringLiteral("reader"));
            QCOMPARE(std::get<BasicScheme>(made->scheme).latin1, on);
        }
    }

    void pastingTakesTheSchemeOff() {
        UiFixture fixture;
        ProfileDialog dialog(*fixture.session, {});
        dialog.show();
        auto* secret = dialog.findChild<SecretEdit*>();
        QGuiApplication::clipboard()->setText(QStringLiteral(" Bearer ") +
                                              QString::fromLatin1(fixture.readerToken) + QLatin1Char('\n'));
        secret->setFocus();
        QTest::keyClick(secret, Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(secret->text(), QString::fromLatin1(fixture.readerToken));
        QCOMPARE(secret->echoMode(), QLineEdit::Password);
        QVERIFY2(words(dialog).contains(QStringLiteral("JWT")), qPrintable(words(dialog)));
        QVERIFY(words(dialog).contains(QStringLiteral("Bearer")));
        QVERIFY(words(dialog).contains(QStringLiteral("12:42"))); // its own expiry is read
        QVERIFY(!words(dialog).contains(QString::fromLatin1(fixture.readerToken)));
        QGuiApplication::clipboard()->clear();
    }

    void memoryIsOfferedWhereThereIsNoKeychain() {
        UiFixture fixture;
        fixture.secrets.probed = {
            StoreState::Kind::Unavailable,
            {},
            QStringLiteral("There is no keychain service. Keep secrets in memory only.")};
        fixture.session->probeStore();
        QTRY_COMPARE(fixture.session->storeState().kind, StoreState::Kind::Unavailable);
        ProfileDialog dialog(*fixture.session, {});
        dialog.show();
        auto* keychain = named<QRadioButton>(dialog, QStringLiteral("In the keychain"));
        // Offered, not chosen: the keychain stays the choice until the user makes another.
        QVERIFY(keychain->isChecked());
        QVERIFY(words(dialog).contains(QStringLiteral("There is no keychain service.")));
        QVERIFY(words(dialog).contains(QStringLiteral("memory only")));
        for (QRadioButton* each : dialog.findChildren<QRadioButton*>())
            if (each != keychain) each->click();
        dialog.findChild<QLineEdit*>()->setText(QStringLiteral("Passing"));
        dialog.findChild<SecretEdit*>()->setText(QStringLiteral("sesame-open-0002"));
        QSignalSpy saved(&dialog, &ProfileDialog::saved);
        button(dialog, QStringLiteral("Save"))->click();
        QTRY_COMPARE(saved.size(), 1);
        const TokenProfile* made = fixture.session->workspace().profile(saved.first().first().toString());
        QCOMPARE(made->storage, SecretStorage::Memory);
        QVERIFY(fixture.memorySecrets.records.count(made->bindings.first().secret.id));
        QVERIFY(!fixture.secrets.records.count(made->bindings.first().secret.id));
    }

    void aClientCertificateStandsBesideTheSecret() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        const QString file = QStringLiteral(KB_TEST_DATA "/tls/client.p12");
        const auto record = [&]() -> SecretRecord& {
            return fixture.secrets.records.at(
                fixture.session->workspace().profile("key")->bindings.first().secret.id);
        };
        {
            ProfileDialog dialog(*fixture.session, QStringLiteral("key"));
            dialog.show();
            dialog.certificate().useFile(file);
            auto* ask = dialog.findChild<QInputDialog*>();
            QVERIFY(ask && ask->textEchoMode() == QLineEdit::Password);
            Q_EMIT ask->textValueSelected(QStringLiteral("wrong"));
            QTRY_VERIFY(dialog.certificate().text().contains(QStringLiteral("does not open")));
            QVERIFY(!dialog.certificate().isChosen());
            Q_EMIT dialog.findChildren<QInputDialog*>().last()->textValueSelected(
                QStringLiteral("open sesame"));
            QTRY_VERIFY(dialog.certificate().isChosen());
            QVERIFY2(dialog.certificate().text().contains(QStringLiteral("CN=robot")),
                     qPrintable(dialog.certificate().text()));
            QSignalSpy saved(&dialog, &ProfileDialog::saved);
            button(dialog, QStringLiteral("Save"))->click();
            QTRY_COMPARE(saved.size(), 1);
        }
        QVERIFY(record().part(QStringLiteral("client_certificate")));
        QVERIFY(!record().secret.isEmpty());
        QTRY_VERIFY(
            fixture.session->state("key")->facts->certificateSubject.contains(QStringLiteral("robot")));
        // A new secret does not take it away.
        {
            ProfileDialog dialog(*fixture.session, QStringLiteral("key"));
            dialog.show();
            QVERIFY(dialog.certificate().text().contains(QStringLiteral("robot")));
            dialog.findChild<SecretEdit*>()->setText(QStringLiteral("another-key-0123456789"));
            QSignalSpy saved(&dialog, &ProfileDialog::saved);
            button(dialog, QStringLiteral("Save"))->click();
            QTRY_COMPARE(saved.size(), 1);
        }
        QVERIFY(record().secret.reveal() == "another-key-0123456789");
        QVERIFY(record().part(QStringLiteral("client_certificate")));
        // Removing does.
        ProfileDialog dialog(*fixture.session, QStringLiteral("key"));
        dialog.show();
        button(dialog, QStringLiteral("Remove"))->click();
        QSignalSpy saved(&dialog, &ProfileDialog::saved);
        button(dialog, QStringLiteral("Save"))->click();
        QTRY_COMPARE(saved.size(), 1);
        QVERIFY(!record().part(QStringLiteral("client_certificate")));
        QVERIFY(!record().secret.isEmpty());
    }

    /// Typed here, kept in the keychain, and none of them lost when something else changes.
    void keysGoAlongWithAProfile() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        const auto record = [&]() -> SecretRecord& {
            return fixture.secrets.records.at(
                fixture.session->workspace().profile("reader")->bindings.first().secret.id);
        };
        const auto field = [](ProfileDialog& dialog, const char* name, int at) {
            QList<QLineEdit*> found;
            for (QLineEdit* each : dialog.findChildren<QLineEdit*>())
                if (each->accessibleName() == QLatin1String(name) && each->isVisible()) found << each;
            return found.value(at);
        };
        const auto save = [&](ProfileDialog& dialog) {
            QSignalSpy saved(&dialog, &ProfileDialog::saved);
            button(dialog, QStringLiteral("Save"))->click();
            return QTest::qWaitFor([&] { return saved.size() == 1; });
        };
        const ApiKeyScheme first{ApiKeyScheme::In::Header, QStringLiteral("X-App-Key")};
        const ApiKeyScheme second{ApiKeyScheme::In::Query, QStringLiteral("app_id")};
        {
            ProfileDialog dialog(*fixture.session, QStringLiteral("reader"));
            dialog.show();
            button(dialog, QStringLiteral("Add a key"))->click();
            button(dialog, QStringLiteral("Add a key"))->click();
            field(dialog, "Name of this key's field", 0)->setText(first.name);
            field(dialog, "Name of this key's field", 1)->setText(second.name);
            QList<QComboBox*> places;
            for (QComboBox* each : dialog.findChildren<QComboBox*>())
                if (each->accessibleName() == QLatin1String("Where this key goes")) places << each;
            QCOMPARE(places.size(), 2);
            places.last()->setCurrentIndex(int(second.in));
            field(dialog, "This key", 0)->setText(QStringLiteral("app-key-55aa33cc"));
            button(dialog, QStringLiteral("Save"))->click();
            QVERIFY2(words(dialog).contains(QStringLiteral("app_id in the query")),
                     qPrintable(words(dialog)));
            QVERIFY(dialog.isVisible());
            field(dialog, "This key", 1)->setText(QStringLiteral("id-of-the-app-1"));
            QVERIFY(save(dialog));
        }
        const QList<ApiKeyScheme> both{first, second};
        QCOMPARE(fixture.session->workspace().profile("reader")->keys, both);
        QVERIFY(record().part(keyPart(first))->reveal() == "app-key-55aa33cc");
        QVERIFY(record().part(keyPart(second))->reveal() == "id-of-the-app-1");
        QVERIFY(!record().secret.isEmpty());
        // A new token keeps them.
        {
            ProfileDialog dialog(*fixture.session, QStringLiteral("reader"));
            dialog.show();
            dialog.findChild<SecretEdit*>()->setText(QStringLiteral("another-token-0123456789"));
            QVERIFY(save(dialog));
        }
        QVERIFY(record().secret.reveal() == "another-token-0123456789");
        QVERIFY(record().part(keyPart(first))->reveal() == "app-key-55aa33cc");
        // One goes, and its secret with it, in every environment; another field wants the key again.
        TokenProfile twice = *fixture.session->workspace().profile("reader");
        twice.bindings.append({QStringLiteral("other"), SecretRef{QStringLiteral("elsewhere")}, {}, {}});
        fixture.secrets.records["elsewhere"].parts.insert_or_assign(keyPart(first), Secret("the-same-key-1"));
        std::optional<bool> stored;
        fixture.session->saveProfile(twice, std::nullopt,
                                     [&](const Result<void>& result) { stored = result.has_value(); });
        QTRY_VERIFY(stored && *stored);
        ProfileDialog dialog(*fixture.session, QStringLiteral("reader"));
        dialog.show();
        named<QToolButton>(dialog, QStringLiteral("Remove this key"))->click();
        field(dialog, "Name of this key's field", 0)->setText(QStringLiteral("other_id"));
        button(dialog, QStringLiteral("Save"))->click();
        QVERIFY(words(dialog).contains(QStringLiteral("other_id in the query")));
        field(dialog, "Name of this key's field", 0)->setText(second.name);
        QVERIFY(save(dialog));
        QCOMPARE(fixture.session->workspace().profile("reader")->keys, QList<ApiKeyScheme>{second});
        QVERIFY(!record().part(keyPart(first)));
        QTRY_VERIFY(!fixture.secrets.records.at("elsewhere").part(keyPart(first)));
        QVERIFY(record().part(keyPart(second))->reveal() == "id-of-the-app-1");
    }

    // A key may be stored in one environment and not in another: the dialog says which it is.
    void aKeyThatThisEnvironmentLacksIsSaidToLack() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        const ApiKeyScheme first{ApiKeyScheme::In::Header, QStringLiteral("X-App-Key")};
        const ApiKeyScheme second{ApiKeyScheme::In::Query, QStringLiteral("app_id")};
        TokenProfile profile = *fixture.session->workspace().profile("reader");
        profile.keys = {first, second};
        const auto saveAll = [&](const char* value) {
            std::optional<bool> stored;
            fixture.session->saveProfile(profile, std::nullopt,
                                         [&](const Result<void>& result) { stored = result.has_value(); });
            if (!QTest::qWaitFor([&] { return stored.has_value(); }) || !*stored) return false;
            std::map<QString, Secret> keys;
            keys.insert_or_assign(keyPart(first), Secret(value));
            stored.reset();
            fixture.session->setBeside(QStringLiteral("reader"), std::move(keys),
                                       [&](const Result<void>& result) { stored = result.has_value(); });
            return QTest::qWaitFor([&] { return stored.has_value(); }) && *stored;
        };
        const auto hints = [&] {
            ProfileDialog dialog(*fixture.session, QStringLiteral("reader"));
            dialog.show();
            QStringList found;
            for (QLineEdit* each : dialog.findChildren<QLineEdit*>())
                if (each->accessibleName() == QLatin1String("This key") && each->isVisible())
                    found << each->placeholderText();
            return found;
        };
        QVERIFY(saveAll("app-key-55aa33cc"));
        const QString keep = QStringLiteral("Leave empty to keep it");
        const QString lacks = QStringLiteral("None in this environment: paste it");
        QTRY_COMPARE(hints(), (QStringList{keep, lacks}));
    }

    void aCertificateAloneIsAProfile() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        ProfileDialog dialog(*fixture.session, {});
        dialog.show();
        dialog.findChild<QLineEdit*>()->setText(QStringLiteral("Robot"));
        QComboBox* kind = nullptr;
        for (QComboBox* each : dialog.findChildren<QComboBox*>())
            if (each->accessibleName() == QLatin1String("Kind")) kind = each;
        choose(kind, QStringLiteral("client-certificate"));
        QVERIFY(!dialog.findChild<SecretEdit*>()->isVisible());
        button(dialog, QStringLiteral("Save"))->click();
        QVERIFY(words(dialog).contains(QStringLiteral("no client certificate")));
        dialog.certificate().useFile(QStringLiteral(KB_TEST_DATA "/tls/client.pem"));
        QVERIFY(dialog.certificate().isChosen());
        QSignalSpy saved(&dialog, &ProfileDialog::saved);
        button(dialog, QStringLiteral("Save"))->click();
        QTRY_COMPARE(saved.size(), 1);
        const QString id = saved.first().first().toString();
        QTRY_VERIFY(fixture.session->state(id) && fixture.session->state(id)->facts);
        QVERIFY(!fixture.session->state(id)->facts->missing);
        QVERIFY(fixture.session->state(id)->facts->expiresAt > 4'000'000'000.0); // its own end
    }

    void colourAndExpiryAreSaved() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        ProfileDialog dialog(*fixture.session, QStringLiteral("key"));
        dialog.show();
        button(dialog, QStringLiteral("Colour"))->click();
        auto* colours = dialog.findChild<QColorDialog*>();
        QVERIFY(colours);
        Q_EMIT colours->colorSelected(QColor(QStringLiteral("#123456")));
        auto* expires = named<QCheckBox>(dialog, QStringLiteral("It expires at"));
        expires->setChecked(true);
        const QDateTime when = QDateTime::fromSecsSinceEpoch(1'800'003'600);
        dialog.findChild<QDateTimeEdit*>()->setDateTime(when);
        QSignalSpy saved(&dialog, &ProfileDialog::saved);
        button(dialog, QStringLiteral("Save"))->click();
        QTRY_COMPARE(saved.size(), 1);
        const TokenProfile* key = fixture.session->workspace().profile("key");
        QCOMPARE(key->colour, QStringLiteral("#123456"));
        QCOMPARE(key->bindings.first().expiresAt, when.toSecsSinceEpoch());
        QTRY_COMPARE(fixture.session->state("key")->status.state, TokenState::Valid);
        QVERIFY(fixture.session->state("key")->facts->expirySetByUser);
    }

    void aBadInputIsSaidAndLosesNothing() {
        UiFixture fixture;
        ProfileDialog dialog(*fixture.session, {});
        dialog.show();
        dialog.findChild<SecretEdit*>()->setText(QStringLiteral("sesame-open-0003"));
        QPushButton* save = button(dialog, QStringLiteral("Save"));
        save->click();
        QVERIFY(words(dialog).contains(QStringLiteral("no name")));
        dialog.findChild<QLineEdit*>()->setText(QStringLiteral("Reader"));
        dialog.findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("not an origin"));
        save->click();
        QVERIFY(dialog.isVisible());
        dialog.findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("https://h"));
        save->click();
        QVERIFY(words(dialog).contains(QStringLiteral("Another profile is called")));
        QCOMPARE(dialog.findChild<SecretEdit*>()->text(), QStringLiteral("sesame-open-0003"));
    }

    void lookLanguageProxyAndNotification() {
        UiFixture fixture;
        SettingsDialog dialog(*fixture.session);
        dialog.show();
        QSignalSpy language(fixture.session.get(), &Session::languageChanged);
        for (QComboBox* box : dialog.findChildren<QComboBox*>()) {
            if (box->findData(QStringLiteral("dark")) >= 0) choose(box, QStringLiteral("dark"));
            if (box->findData(QStringLiteral("de")) >= 0) choose(box, QStringLiteral("de"));
            if (box->findData(QStringLiteral("manual")) >= 0) choose(box, QStringLiteral("manual"));
        }
        QVERIFY(Theme::instance().isDark());
        QCOMPARE(fixture.settings.values.value("appearance/theme").toString(), QStringLiteral("dark"));
        QCOMPARE(language.size(), 1);
        QCOMPARE(language.first().first().toString(), QStringLiteral("de"));
        QVERIFY(words(dialog).contains(QStringLiteral("looks like"))); // no address yet
        QVERIFY(fixture.settings.values.value("proxy/mode").toString() != QStringLiteral("manual"));
        auto* address = named<QLineEdit>(dialog, QStringLiteral("Proxy address"));
        const auto type = [address](const QString& text) {
            address->setText(text);
            Q_EMIT address->editingFinished();
        };
        type(QStringLiteral("socks5://u:p@h:1080"));
        QVERIFY(words(dialog).contains(QStringLiteral("password")));
        QVERIFY(fixture.settings.values.value("proxy/url").toString().isEmpty());
        type(QStringLiteral("socks5://h:1080"));
        QCOMPARE(fixture.settings.values.value("proxy/url").toString(), QStringLiteral("socks5://h:1080"));
        QCOMPARE(fixture.settings.values.value("proxy/mode").toString(), QStringLiteral("manual"));
        dialog.findChild<QCheckBox*>()->setChecked(false);
        QCOMPARE(fixture.settings.values.value("notify/expiry").toBool(), false);

        // The next request goes that way.
        QTRY_VERIFY(fixture.ready());
        RequestSpec spec;
        spec.url = QStringLiteral("https://api.example.com/");
        const std::unique_ptr<Run> run = fixture.session->makeRun(spec);
        run->start();
        QTRY_COMPARE(fixture.transport.sent.size(), 1);
        QCOMPARE(fixture.transport.lastOptions.proxy.kind, ProxySetting::Kind::Manual);
        QCOMPARE(fixture.transport.lastOptions.proxy.url, QStringLiteral("socks5://h:1080"));
    }

    void environmentsWarnOfSecrets() {
        UiFixture fixture;
        EnvironmentDialog dialog(*fixture.session);
        dialog.show();
        auto* table = dialog.findChild<QAbstractItemView*>(QString(), Qt::FindDirectChildrenOnly);
        QVERIFY(table);
        QAbstractItemModel* model = table->model();
        model->setData(model->index(1, 1), QString::fromLatin1(fixture.readerToken));
        QVERIFY(words(dialog).contains(QStringLiteral("looks like a secret")));
        model->setData(model->index(1, 1), QStringLiteral("globex"));
        QVERIFY(!words(dialog).contains(QStringLiteral("looks like a secret")));
        button(dialog, QStringLiteral("Save"))->click();
        QCOMPARE(fixture.session->variables().value("tenant"), QStringLiteral("globex"));
    }

    void thePaletteFindsProfilesAndActions() {
        UiFixture fixture;
        MainWindow window(*fixture.session);
        window.show();
        QTRY_VERIFY(fixture.ready());
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        auto* palette = window.findChild<CommandPalette*>();
        QVERIFY(palette && palette->isVisible());
        auto* field = palette->findChild<QLineEdit*>();
        QTest::keyClicks(field, QStringLiteral("send key"));
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(!palette->isVisible());
        QCOMPARE(window.currentTab()->editor().profileId(), QStringLiteral("key"));
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        QTest::keyClicks(field, QStringLiteral("environments"));
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(window.findChild<EnvironmentDialog*>());
        window.findChild<EnvironmentDialog*>()->reject();
        QTRY_VERIFY(!window.findChild<EnvironmentDialog*>());
        window.activateWindow();
        QTRY_VERIFY(window.isActiveWindow());
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        QTest::keyClicks(field, QStringLiteral("settings"));
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(window.findChild<SettingsDialog*>());
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        QTest::keyClicks(field, QStringLiteral("zzzz"));
        QTest::keyClick(field, Qt::Key_Return); // nothing matches, and nothing happens
        QTest::keyClick(field, Qt::Key_Escape);
        QVERIFY(!palette->isVisible());
    }

    /// Every control of every dialog tells a screen reader what it is.
    void everyControlHasAName() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        QStringList nameless;
        const auto look = [&](QWidget& dialog) {
            dialog.show();
            QCoreApplication::processEvents();
            nameless << namelessControls(dialog);
        };
        for (const QString& id : {QString(), QStringLiteral("reader")}) {
            ProfileDialog dialog(*fixture.session, id);
            for (const char* kind : {"bearer", "api-key", "basic"}) {
                choose(named<QComboBox>(dialog, QStringLiteral("Kind")), QString::fromLatin1(kind));
                look(dialog);
            }
        }
        SettingsDialog settings(*fixture.session);
        for (QComboBox* box : settings.findChildren<QComboBox*>())
            if (box->findData(QStringLiteral("manual")) >= 0) choose(box, QStringLiteral("manual"));
        look(settings);
        EnvironmentDialog environments(*fixture.session);
        look(environments);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join('\n')));
    }
};

QTEST_MAIN(TestDialogs)
#include "test_dialogs.moc"
