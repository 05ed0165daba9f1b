using System.Diagnostics;
using System.Globalization;

namespace Streaming.Host.Bench;

/// <summary>One connection's queries, kind after kind over some users at a time, so that what disturbs the machine disturbs all kinds. All connections are at the same kind at the same time.</summary>
/// <param name="engine">The engine's HTTP server.</param>
/// <param name="empty">The server that answers with nothing.</param>
/// <param name="firstUser">Number of the connection's first user; the next users are its own, too.</param>
/// <param name="warmUps">Users before those that count.</param>
/// <param name="requests">Users that count.</param>
internal sealed class HttpCaller(Uri engine, Uri empty, int firstUser, int warmUps, int requests)
{
    private const int Ok = 200, UsersAtOnce = 20;

    /// <summary>Times of empty answers, ms.</summary>
    public List<double> Empty { get; } = [];

    /// <summary>Times of users that were not loaded, ms.</summary>
    public List<double> NotLoaded { get; } = [];

    /// <summary>Times of the same users after that, ms.</summary>
    public List<double> Loaded { get; } = [];

    /// <summary>Queries answered with anything but a list.</summary>
    public int Failed { get; private set; }

    /// <summary>Bytes of all lists.</summary>
    public long Bytes { get; private set; }

    /// <summary>Asks for all users.</summary>
    /// <param name="together">Holds the connections together.</param>
    /// <param name="measured">Called once by each connection when the warm-up is over, before any query that counts.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Run(Barrier together, Action measured, CancellationToken cancellation)
    {
        using var engineClient = new KeepAliveClient(engine);
        using var emptyClient = new KeepAliveClient(empty);
        var nothing = emptyClient.Request("/");
        for (var from = 0; from < warmUps; from += UsersAtOnce) Round(from, Math.Min(from + UsersAtOnce, warmUps), counts: false);
        together.SignalAndWait(cancellation);
        measured();
        for (var from = warmUps; from < warmUps + requests; from += UsersAtOnce) Round(from, Math.Min(from + UsersAtOnce, warmUps + requests), counts: true);

        void Round(int from, int to, bool counts)
        {
            together.SignalAndWait(cancellation);
            for (var i = from; i < to; i++) Ask(emptyClient, nothing, counts ? Empty : null, isList: false);
            together.SignalAndWait(cancellation);
            for (var i = from; i < to; i++) Ask(engineClient, engineClient.Request(Path(i)), counts ? NotLoaded : null, isList: true);
            together.SignalAndWait(cancellation);
            for (var i = from; i < to; i++) Ask(engineClient, engineClient.Request(Path(i)), counts ? Loaded : null, isList: true);
        }
    }

    // ?guest=false: a user that is not there is not looked for a second time.
    private string Path(int i) => string.Create(CultureInfo.InvariantCulture, $"/recommendations/{HttpBench.UserId(firstUser + i)}?guest=false");

    private void Ask(KeepAliveClient client, byte[] request, List<double>? times, bool isList)
    {
        var began = Stopwatch.GetTimestamp();
        var (status, length) = client.Get(request);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        if (times is null) return;
        if (status != Ok) Failed++;
        else times.Add(took);
        if (isList && status == Ok) Bytes += length;
    }
}
