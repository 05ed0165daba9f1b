using Streaming.Kafka.Native;

namespace Streaming.Kafka;

/// <summary>
/// The way back of a producer that nobody else watches: while it holds records and no broker answers, it is told the bootstrap addresses again now and then (<see cref="NativeClient.FindBrokersAgain"/>).
/// Without it the records would wait for their timeout although the broker is back.
/// </summary>
internal sealed class ForgottenBrokers : IAsyncDisposable
{
    private const int AskMs = 2_000, FirstLooks = 6, LooksAMinute = 12;
    private static readonly TimeSpan Tact = TimeSpan.FromSeconds(5);
    private readonly NativeClient _client;
    private readonly PeriodicTimer _timer = new(Tact);
    private readonly Task _looking;
    private int _silentLooks;

    /// <param name="client">The producer; it is disposed after this.</param>
    public ForgottenBrokers(NativeClient client)
    {
        _client = client;
        _looking = LookAsync();
    }

    /// <summary>Returns once no look is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _looking.ConfigureAwait(false);
    }

    private async Task LookAsync()
    {
        while (await _timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (Rd.OutQueueLength(_client.Handle) == 0 || _client.IsAnswered(AskMs)) _silentLooks = 0;
            else if (++_silentLooks <= FirstLooks || _silentLooks % LooksAMinute == 0) _client.FindBrokersAgain(); // it may come to nothing at a bad moment, and the client keeps what each call says for ever
        }
    }
}
