using System.Collections.Concurrent;

namespace Streaming.Faults.Net;

/// <summary>The epoch that each transactional id was given last, by what the broker answered.</summary>
internal sealed class ProducerEpochs
{
    private readonly ConcurrentDictionary<string, InitProducerIdResponse> _last = [];

    /// <summary>An answer to who asked for an epoch of the id.</summary>
    public void Learn(string transactionalId, InitProducerIdResponse answer)
    {
        if (answer.ErrorCode == KafkaErrors.None) _last[transactionalId] = answer;
    }

    /// <summary>Whether a newer epoch began than the one that a request is of. An id whose epochs are used up gets another producer id.</summary>
    public bool IsOver(EndTxnRequest request) =>
        _last.TryGetValue(request.TransactionalId, out var last) && (last.ProducerId != request.ProducerId || last.Epoch > request.Epoch);
}
