using Streaming.Api.Wire;

namespace Streaming.Api.Ports;

/// <summary>The switch that stops outputs to people while events are still folded.</summary>
public interface IPausePort
{
    /// <summary>How it stands.</summary>
    Task<PortResult<PauseState>> ReadAsync(CancellationToken cancellation);

    /// <summary>Sets it; the same state again does nothing.</summary>
    /// <param name="paused">True: nothing goes out.</param>
    /// <param name="reason">Why, for whoever reads it.</param>
    /// <param name="cancellation">Cancels.</param>
    Task<PortResult<PauseState>> SetAsync(bool paused, string reason, CancellationToken cancellation);
}
