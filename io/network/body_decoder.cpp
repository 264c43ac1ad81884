// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/body_decoder.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

namespace kb {

/// One coding. A step takes some of `in`, makes some of `out`, and tells where the data stands.
class Codec {
public:
    enum class State { Running, Ended, Failed };
    struct Step {
        qsizetype taken = 0;
        qsizetype made = 0;
        State state = State::Running;
    };
    virtual ~Codec() = default;
    /// Once it has ended, a step that takes nothing means: what follows is not ours.
    virtual Step step(QByteArrayView in, char* out, qsizetype room) = 0;
};

namespace {

constexpr qsizetype blockSize = 32 * 1024;

class ZlibCodec final : public Codec {
public:
    explicit ZlibCodec(bool gzip) : m_gzip(gzip) {}
    ~ZlibCodec() override {
        if (m_begun) inflateEnd(&m_stream);
    }

    Step step(QByteArrayView in, char* out, qsizetype room) override {
        if (m_ended) {
            // Another member may follow (RFC 1952 §2.2); zlib and bare deflate data have one end.
            if (!m_gzip || in.front() != '\x1f') return {0, 0, State::Ended};
            inflateReset(&m_stream);
            m_ended = false;
        }
        if (!m_begun && !begin(in.front())) return {0, 0, State::Failed};
        m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data())); // zlib only reads it
        m_stream.avail_in = uInt(in.size());
        m_stream.next_out = reinterpret_cast<Bytef*>(out);
        m_stream.avail_out = uInt(room);
        const int code = inflate(&m_stream, Z_NO_FLUSH);
        Step step{in.size() - m_stream.avail_in, room - m_stream.avail_out, State::Running};
        m_ended = code == Z_STREAM_END;
        if (m_ended)
            step.state = State::Ended;
        else if (code != Z_OK && code != Z_BUF_ERROR)
            step.state = State::Failed;
        return step;
    }

private:
    bool begin(char first) {
        // RFC 1950 §2.2: the low half of the first byte is 8. No bare deflate stream that a packer makes
        // begins so.
        const bool bare = !m_gzip && (uchar(first) & 0x0f) != 8;
        m_begun = inflateInit2(&m_stream, m_gzip ? MAX_WBITS + 16 : bare ? -MAX_WBITS : MAX_WBITS) == Z_OK;
        return m_begun;
    }

    z_stream m_stream{};
    const bool m_gzip;
    bool m_begun = false;
    bool m_ended = false;
};

class BrotliCodec final : public Codec {
public:
    BrotliCodec() : m_state(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}
    ~BrotliCodec() override { BrotliDecoderDestroyInstance(m_state); }

    Step step(QByteArrayView in, char* out, qsizetype room) override {
        if (!m_state) return {0, 0, State::Failed};
        if (BrotliDecoderIsFinished(m_state)) return {0, 0, State::Ended};
        size_t left = size_t(in.size());
        size_t free = size_t(room);
        auto* from = reinterpret_cast<const uint8_t*>(in.data());
        auto* to = reinterpret_cast<uint8_t*>(out);
        const BrotliDecoderResult code =
            BrotliDecoderDecompressStream(m_state, &left, &from, &free, &to, nullptr);
        const State state = code == BROTLI_DECODER_RESULT_ERROR     ? State::Failed
                            : code == BROTLI_DECODER_RESULT_SUCCESS ? State::Ended
                                                                    : State::Running;
        return {in.size() - qsizetype(left), room - qsizetype(free), state};
    }

private:
    BrotliDecoderState* m_state;
};

class ZstdCodec final : public Codec {
public:
    ZstdCodec() : m_stream(ZSTD_createDStream()) {}
    ~ZstdCodec() override { ZSTD_freeDStream(m_stream); }

    Step step(QByteArrayView in, char* out, qsizetype room) override {
        if (!m_stream) return {0, 0, State::Failed};
        ZSTD_inBuffer from{in.data(), size_t(in.size()), 0};
        ZSTD_outBuffer to{out, size_t(room), 0};
        const size_t code = ZSTD_decompressStream(m_stream, &to, &from);
        if (ZSTD_isError(code)) // what follows a whole frame and is no frame is not ours
            return m_ended ? Step{0, 0, State::Ended} : Step{0, qsizetype(to.pos), State::Failed};
        m_ended = code == 0;
        return {qsizetype(from.pos), qsizetype(to.pos), m_ended ? State::Ended : State::Running};
    }

private:
    ZSTD_DStream* m_stream;
    bool m_ended = false;
};

std::unique_ptr<Codec> makeCodec(const QByteArray& coding) {
    if (coding == "gzip" || coding == "x-gzip") return std::make_unique<ZlibCodec>(true);
    if (coding == "deflate") return std::make_unique<ZlibCodec>(false);
    if (coding == "br") return std::make_unique<BrotliCodec>();
    if (coding == "zstd") return std::make_unique<ZstdCodec>();
    return nullptr;
}

} // namespace

struct BodyDecoder::Stage {
    std::unique_ptr<Codec> codec;
    QByteArray input;
    qsizetype at = 0; ///< of `input`, what was taken
    Codec::State state = Codec::State::Running;
    bool full = false; ///< the last step filled its room, so there may be more without more input
    bool excess = false;

    bool drained() const { return at == input.size(); }
};

BodyDecoder::BodyDecoder() = default;
BodyDecoder::~BodyDecoder() = default;

bool BodyDecoder::knows(const QByteArray& coding) {
    return coding == "gzip" || coding == "x-gzip" || coding == "deflate" || coding == "br" ||
           coding == "zstd";
}

void BodyDecoder::begin(const QList<QByteArray>& codings) {
    m_stages.clear();
    for (auto coding = codings.crbegin(); coding != codings.crend(); ++coding) {
        Stage stage;
        stage.codec = makeCodec(*coding);
        if (stage.codec) m_stages.push_back(std::move(stage));
    }
}

void BodyDecoder::feed(QByteArrayView wire) {
    Stage& first = m_stages.front();
    if (first.excess) return;
    if (first.drained()) {
        first.input.resize(0);
        first.at = 0;
    }
    first.input.append(wire);
}

qsizetype BodyDecoder::read(char* out, qsizetype room) {
    return readStage(m_stages.size() - 1, out, room);
}

qsizetype BodyDecoder::readStage(std::size_t index, char* out, qsizetype room) {
    Stage& stage = m_stages[index];
    while (stage.state != Codec::State::Failed && !stage.excess) {
        if (stage.drained() && !stage.full) {
            if (index == 0) return 0;
            if (stage.input.size() < blockSize) stage.input.resize(blockSize);
            stage.input.resize(readStage(index - 1, stage.input.data(), blockSize));
            stage.at = 0;
            if (stage.input.isEmpty()) return 0;
        }
        const bool ended = stage.state == Codec::State::Ended;
        if (ended && stage.drained()) {
            stage.full = false;
            continue;
        }
        const Codec::Step step = stage.codec->step(QByteArrayView(stage.input).sliced(stage.at), out, room);
        stage.at += step.taken;
        stage.state = step.state;
        stage.full = step.made == room;
        if (ended && step.taken == 0) {
            stage.excess = true;
            stage.at = stage.input.size();
        }
        if (step.made > 0) return step.made;
        if (step.taken == 0 && stage.state == Codec::State::Running && !stage.drained())
            stage.state = Codec::State::Failed; // it can do nothing with what it has, and never will
    }
    return 0;
}

bool BodyDecoder::failed() const {
    for (const Stage& stage : m_stages)
        if (stage.state == Codec::State::Failed) return true;
    return false;
}

bool BodyDecoder::complete() const {
    for (const Stage& stage : m_stages)
        if (stage.state != Codec::State::Ended || !stage.drained()) return false;
    return true;
}

bool BodyDecoder::hasExcess() const {
    for (const Stage& stage : m_stages)
        if (stage.excess) return true;
    return false;
}

} // namespace kb
