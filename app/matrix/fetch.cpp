// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/matrix/fetch.h"
#include "app/cli/cli_text.h"

#include "app/cli/grants.h"
#include "core/interchange/openapi.h"

namespace kb::cli {

Result<QByteArray> fetchDocument(Context& context, Transport& transport, RunInput input,
                                 const QString& profile) {
    const QString name = documentName(input.spec.url);
    SecretStore* store = &context.keychain();
    std::optional<Grants> grants;
    AuthMemory memory;
    if (!profile.isEmpty()) {
        const Result<Context::Source> source = context.secretOf(profile);
        if (!source) return tl::unexpected(source.error());
        store = source->store;
        input.profile = *source->profile;
        input.spec.profileId = source->profile->id;
        input.trustFileOrigins = source->fromEnvironment;
        if (isGrant(input.profile->scheme)) grants.emplace(transport, context, *source);
    }
    Run run({transport, *store, context.clock(), &memory, grants ? &grants->keeper : nullptr},
            std::move(input));
    std::optional<RunResult> result;
    QEventLoop loop;
    QObject::connect(&run, &Run::finished, &loop, [&](const RunResult& finished) {
        result = finished;
        loop.quit();
    });
    run.start();
    loop.exec();
    if (result->error) return tl::unexpected(*result->error);
    const Exchange& last = result->hops.last();
    if (last.response().status != 200)
        return fail(ErrorCode::NotFound,
                    CliText::tr("The document's address answered %1.").arg(last.response().status), name,
                    CliText::tr("Save the document as a file and name that."));
    return last.rawBody();
}

} // namespace kb::cli
