// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/matrix/fetch.h"

#include "app/cli/context.h"
#include "core/interchange/openapi.h"

#include <QCoreApplication>

namespace kb::cli {

namespace {

struct CliText {
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace

Result<QByteArray> fetchDocument(Context& context, Transport& transport, RunInput input) {
    const QString name = documentName(input.spec.url);
    Run run({transport, context.keychain(), context.clock()}, std::move(input));
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
