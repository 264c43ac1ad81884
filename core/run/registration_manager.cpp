// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/registration_manager.h"

#include "core/auth/grant_record.h"
#include "core/base/json_make.h"
#include "core/run/registration_call.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct RegistrationManagerText {
    Q_DECLARE_TR_FUNCTIONS(RegistrationManager)
};

void setMember(JsonValue& object, const QString& name, const JsonValue& value) {
    for (JsonValue::Member& member : object.members)
        if (member.first == name) {
            member.second = value;
            return;
        }
    object.members.append({name, value});
}

/// Reading and changing one registration, step by step.
class RegistrationManager final : public Handle {
public:
    using Done = std::function<void(Result<std::shared_ptr<RegistrationView>>)>;
    RegistrationManager(Transport& transport, SecretStore& secrets, GrantLock* lock, const Clock& clock,
                        SecretRef ref, RegistrationChange change, const ProxySetting& proxy,
                        const QString& caFile, Done done)
        : m_secrets(secrets),
          m_lock(lock),
          m_ref(std::move(ref)),
          m_change(std::move(change)),
          m_done(std::move(done)),
          m_call(transport, clock, proxy, caFile) {}

    void begin() {
        if (!m_lock) return read();
        m_lockWait = m_lock->acquire(m_ref.id, grantLockTimeoutMs, [this](Result<HandlePtr> got) {
            const auto held = std::make_shared<Result<HandlePtr>>(std::move(got));
            later([this, held] {
                m_lockWait.reset();
                if (!*held) return finish(tl::unexpected(held->error()));
                m_held = std::move(**held);
                read();
            });
        });
    }

private:
    void read() {
        withRecord([this] {
            const std::optional<ClientRegistration> kept = keptRegistration(m_record);
            if (!kept)
                return finish(fail(ErrorCode::NotFound,
                                   RegistrationManagerText::tr("The client was not registered from here."),
                                   {}, RegistrationManagerText::tr("Look at it where it was registered.")));
            ask(manageRegistration(RegistrationAction::Read, *kept, {}, m_record.plainHttpOrigins,
                                   m_call.context()),
                JsonValue());
        });
    }

    void withRecord(std::function<void()> then) {
        m_storeCall = m_secrets.read(m_ref, [this, then](Result<SecretRecord> record) {
            auto held = std::make_shared<Result<SecretRecord>>(std::move(record));
            later([this, then, held] {
                m_storeCall.reset();
                if (!*held) return finish(tl::unexpected((*held).error()));
                m_record = std::move(**held);
                then();
            });
        });
    }

    void ask(const Result<Request>& request, const JsonValue& asked) {
        if (!request) return finish(tl::unexpected(request.error()));
        m_call.send(*request, [this, asked](const Result<Response>& response) {
            if (!response) return finish(tl::unexpected(response.error()));
            OAuthResult<ClientRegistration> read =
                readRegistration(*response, asked, m_record.plainHttpOrigins, m_call.context());
            if (!read) return finish(tl::unexpected(read.error().error));
            const auto held = std::make_shared<ClientRegistration>(std::move(*read));
            // Somebody else may have written to the record meanwhile: a grant that was refreshed, a key.
            withRecord([this, held] { keep(std::move(*held)); });
        });
    }

    /// First the store: the token of before may be dead already (RFC 7592 §2.1, §5).
    void keep(ClientRegistration registration) {
        const std::optional<ClientRegistration> before = keptRegistration(m_record);
        if (!before || registration.clientId != before->clientId)
            return finish(fail(
                ErrorCode::ProtocolError,
                RegistrationManagerText::tr("The server answered about another client."),
                QStringLiteral("client_id"),
                RegistrationManagerText::tr("Nothing of it was kept. Look at it where it was registered.")));
        if (registration.clientUri && registration.clientUri->origin() != before->clientUri->origin()) {
            registration.clientUri.reset();
            m_view->findings.append(RegistrationManagerText::tr(
                "The server names another server to manage the registration at. It is not used."));
        }
        if (registration.clientSecret.isEmpty()) {
            registration.clientSecret = before->clientSecret.revealCopy();
            if (!registration.secretExpiresAt) registration.secretExpiresAt = before->secretExpiresAt;
        }
        for (const QString& name : std::as_const(registration.changed))
            m_view->findings.append(RegistrationManagerText::tr("The server set %1 otherwise than was asked.")
                                        .arg(name.left(60)));
        m_view->clientId = registration.clientId;
        m_view->metadata = registration.metadata;
        putRegistration(m_record, std::move(registration));
        m_storeCall = m_secrets.write(m_ref, m_record.revealCopy(), [this](const Result<void>& written) {
            later([this, written] {
                m_storeCall.reset();
                if (!written) return finish(tl::unexpected(written.error()));
                kept();
            });
        });
    }

    void kept() {
        if (m_change.isEmpty() || m_view->changed) return finish(m_view);
        m_view->changed = true;
        JsonValue wanted = m_view->metadata;
        JsonValue asked = jsonObject({});
        const auto set = [&](const QString& name, const QString& text) {
            setMember(wanted, name, jsonText(text));
            setMember(asked, name, jsonText(text));
        };
        if (m_change.clientName) set(QStringLiteral("client_name"), *m_change.clientName);
        if (m_change.scopes) set(QStringLiteral("scope"), m_change.scopes->join(u' '));
        ask(updateRegistration(*keptRegistration(m_record), wanted, m_record.plainHttpOrigins,
                               m_call.context()),
            asked);
    }

    void finish(Result<std::shared_ptr<RegistrationView>> result) {
        later([this, result] {
            m_held.reset();
            const auto done = std::move(m_done);
            done(result);
            // The receiver may have destroyed this: nothing may follow.
        });
    }
    template<class Call> void later(Call call) { QTimer::singleShot(0, &m_guard, std::move(call)); }

    SecretStore& m_secrets;
    GrantLock* m_lock;
    HandlePtr m_lockWait, m_held;
    SecretRef m_ref;
    RegistrationChange m_change;
    Done m_done;
    std::shared_ptr<RegistrationView> m_view = std::make_shared<RegistrationView>();
    SecretRecord m_record;
    HandlePtr m_storeCall;
    RegistrationCall m_call;
    QObject m_guard; ///< its death is the silence a handle promises
};

} // namespace

HandlePtr manageClient(Transport& transport, SecretStore& secrets, GrantLock* lock, const Clock& clock,
                       const SecretRef& ref, RegistrationChange change, const ProxySetting& proxy,
                       const QString& caFile,
                       std::function<void(Result<std::shared_ptr<RegistrationView>>)> done) {
    auto manager = std::make_unique<RegistrationManager>(transport, secrets, lock, clock, ref,
                                                         std::move(change), proxy, caFile, std::move(done));
    manager->begin();
    return manager;
}

} // namespace kb
