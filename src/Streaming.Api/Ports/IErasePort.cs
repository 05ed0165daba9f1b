using Streaming.Core.Events;

namespace Streaming.Api.Ports;

/// <summary>Erases a person (docs/privacy.md).</summary>
public interface IErasePort
{
    /// <summary>Writes the erase event and answers once the broker has it. The same id again does no harm.</summary>
    /// <param name="user">Whom.</param>
    /// <param name="eventId">Id of the event: the request's.</param>
    /// <param name="occurredAtMs">Time of the request, ms since 1970.</param>
    /// <param name="cancellation">Gives the wait up; the event may be there all the same.</param>
    Task<PortResult<ErasePosition>> EraseAsync(UserKey user, string eventId, long occurredAtMs, CancellationToken cancellation);
}

/// <summary>Where the erase event lies.</summary>
/// <param name="Partition">Partition of <c>events</c>.</param>
/// <param name="Offset">Its offset.</param>
public sealed record ErasePosition(int Partition, long Offset);
