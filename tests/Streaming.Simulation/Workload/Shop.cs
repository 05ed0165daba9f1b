using System.Globalization;
using System.Text;
using Streaming.Contracts;
using Streaming.Core.Events;
using Streaming.Core.Shard;
using Streaming.Simulation.Broker;
using Streaming.Simulation.Kernel;

namespace Streaming.Simulation.Workload;

/// <summary>
/// Writes to <c>events</c> as a shop does: users and guests of every partition, every type of event, late and future times, repeats near and far, erasures and returns, records that nobody can read. And to <c>control</c>, as people do.
/// </summary>
internal sealed class Shop(BrokerModel broker, Plan plan, Rng rng)
{
    private static readonly EventType[] Types =
    [
        EventType.View, EventType.View, EventType.View, EventType.Click, EventType.Search, EventType.Impression, EventType.Impression, EventType.AddToCart, EventType.RemoveFromCart, EventType.Wishlist,
        EventType.Purchase, EventType.Purchase, EventType.Refund, EventType.Rating, EventType.Review, EventType.Identify, EventType.NotInterested, EventType.Consent, EventType.Message, EventType.Erase,
    ];

    private readonly List<(byte[] Key, byte[] Value, Sent Sent, int Partition)> _past = [];
    private long _nowMs = Plan.StartMs;
    private int _id;
    private const long DayMs = 86_400_000;

    /// <summary>What was sent, by partition.</summary>
    public List<Sent>[] Log { get; } = [.. Enumerable.Range(0, plan.Partitions).Select(_ => new List<Sent>())];

    /// <summary>Events that withdraw the consent to marketing.</summary>
    public int MarketRefusals { get; private set; }

    /// <summary>Sends one record.</summary>
    public void Send()
    {
        if (_past.Count > 0 && rng.Chance(0.06))
        {
            var back = rng.Chance(0.7) ? Math.Min(_past.Count, 8) : _past.Count;
            var (key, value, sent, partition) = _past[^(1 + rng.Below(back))];
            Append(partition, key, value, sent);
            return;
        }

        Step();
        if (rng.Chance(0.025)) Poison();
        else Event();
    }

    /// <summary>Asks every shard, or one, for something; at times twice.</summary>
    public void Ask()
    {
        var id = "q" + _id++;
        var topic = rng.Pick("recommendations", "churn-alerts");
        var type = rng.Below(8) == 0 ? "historical" : rng.Pick("pause", "resume");
        var json = type == "historical" ? $$"""{"kind":"request","requestId":"{{id}}","type":"historical"}""" : $$"""{"kind":"request","requestId":"{{id}}","type":"{{type}}","value":"{{topic}}"}""";
        for (var p = 0; p < plan.Partitions; p++)
        {
            for (var times = 1 + rng.Below(2); times > 0; times--) broker.Append(OutputTopic.Control, p, null, Encoding.UTF8.GetBytes(json));
        }
    }

    // The shop's time goes on by seconds, hours or weeks; the broker's clock is seldom behind.
    private void Step()
    {
        if (plan.IsCrowded)
        {
            _nowMs += rng.Between(0, 100);
            return;
        }

        _nowMs += rng.Below(50) switch { 0 => rng.Between(0, 40 * DayMs), < 10 => rng.Between(0, 7_200_000), < 15 => 0, _ => rng.Between(0, 300_000) };
        if (broker.NowMs < _nowMs && !rng.Chance(0.1)) broker.WallMs += _nowMs - broker.NowMs;
    }

    private void Poison()
    {
        var user = Known();
        var (key, text) = rng.Below(4) switch
        {
            0 => (user, "{\"type\":"),
            1 => (user, "null"),
            2 => (user, $$"""{"type":"view","userId":"{{user}}","occurredAt":-5}"""),
            _ => ("other" + user, $$"""{"type":"view","userId":"{{user}}","itemId":"x","occurredAt":{{_nowMs}}}"""),
        };
        var bytes = Encoding.UTF8.GetBytes(key);
        Append(Murmur2.Partition(bytes, plan.Partitions), bytes, Encoding.UTF8.GetBytes(text), new Sent(0, null, null, EventType.Unknown, null));
    }

    private void Event()
    {
        var type = rng.Chance(plan.Links) ? EventType.Identify : rng.Pick<EventType>(Types);
        if (type is EventType.Erase or EventType.Consent && !rng.Chance(0.4)) type = EventType.View;
        var isGuest = type == EventType.Identify || rng.Chance(0.25 + (plan.Links / 2));
        var id = isGuest ? "guest" + rng.Below(1 + (plan.Users / 2)) : Known();
        var linked = type == EventType.Identify ? Known() : null;
        var t = rng.Chance(0.12) ? _nowMs - rng.Between(0, 20 * DayMs) : rng.Chance(0.02) ? _nowMs + rng.Between(0, (plan.HasCreateTime ? 40 : 400) * DayMs) : _nowMs; // nothing clamps a time beside CreateTime
        var eventId = rng.Chance(0.85) ? "e" + _id++ : null;
        var json = new StringBuilder();
        json.Append(CultureInfo.InvariantCulture, $$"""{"type":"{{type.WireName()}}","occurredAt":{{t}},"{{(isGuest ? "anonymousId" : "userId")}}":"{{id}}" """);
        if (eventId is not null) json.Append(CultureInfo.InvariantCulture, $$""","eventId":"{{eventId}}" """);
        if (rng.Chance(0.33)) json.Append(CultureInfo.InvariantCulture, $$""","sessionId":"s{{rng.Below(4)}}" """);
        json.Append(Detail(type, linked)).Append('}');
        var key = Encoding.UTF8.GetBytes(id);
        Append(Murmur2.Partition(key, plan.Partitions), key, Encoding.UTF8.GetBytes(json.ToString()), new Sent(0, (isGuest ? "a:" : "u:") + id, eventId, type, linked is null ? null : "u:" + linked));
    }

    private string Known() => rng.Chance(plan.Hot) ? "user0" : "user" + rng.Below(plan.Users);

    private string Detail(EventType type, string? linked)
    {
        var item = $$""","itemId":"item{{rng.Below(12)}}" """;
        switch (type)
        {
            case EventType.Search: return ""","query":"lamp" """ + (rng.Chance(0.5) ? item : "");
            case EventType.Identify: return $$""","userId":"{{linked}}" """;
            case EventType.Consent: return Consent();
            case EventType.Message: return rng.Chance(0.25) ? ""","state":"unsubscribed" """ : ""","state":"opened" """;
            case EventType.Rating: return item + string.Create(CultureInfo.InvariantCulture, $",\"rating\":{1 + (rng.Below(41) / 10.0)}");
            case EventType.Review: return item + (rng.Chance(0.5) ? ""","text":"nice","rating":4""" : ""","text":"so so" """);
            case EventType.Erase: return "";
            case EventType.Purchase or EventType.Refund:
                var price = rng.Chance(0.25) ? "" : string.Create(CultureInfo.InvariantCulture, $",\"unitPrice\":{rng.Below(100_000) / 1000.0},\"currency\":\"{(rng.Chance(0.15) ? "USD" : "GBP")}\"");
                return item + price + string.Create(CultureInfo.InvariantCulture, $",\"quantity\":{1 + rng.Below(5)}");
            default: return item;
        }
    }

    private string Consent()
    {
        var market = Truth(0.6);
        if (market == "false") MarketRefusals++;
        return $$""","consent":{"personalise":{{Truth(0.7)}},"measure":{{Truth(0.5)}},"market":{{market}}}""";
    }

    // Nobody holds a producer to the truth: its clock may be off by a day or a year, and it need not say any time.
    private long CreatedMs() => rng.Below(10) switch
    {
        0 => -1,
        1 => 0,
        2 => _nowMs + rng.Between(0, 400 * DayMs),
        3 => _nowMs - rng.Between(0, 400 * DayMs),
        4 => _nowMs + rng.Between(-DayMs, DayMs),
        _ => _nowMs,
    };

    private string Truth(double probability) => rng.Chance(probability) ? "true" : "false";

    private void Append(int partition, byte[] key, byte[] value, Sent sent)
    {
        var offset = broker.Append(OutputTopic.Events, partition, key, value, broker.EventsHaveCreateTime ? CreatedMs() : null);
        Log[partition].Add(sent with { Offset = offset });
        _past.Add((key, value, sent, partition));
    }
}
