using Streaming.Contracts;
using Streaming.Core.Churn;
using Streaming.Core.Decode;
using Streaming.Core.Emit;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Streaming.Core.Items;
using Streaming.Core.Recall;
using Streaming.Core.Tests.Contracts;
using Xunit;

namespace Streaming.Core.Tests.Emit;

/// <summary>What the engine writes is what its schemas promise; what it writes into <c>events</c> its own decoder takes.</summary>
public sealed class OutputWriterTests : IDisposable
{
    private readonly ItemDictionary _items = new();
    private readonly OutputWriter _writer;
    private readonly int _item;

    public OutputWriterTests()
    {
        _writer = new OutputWriter(_items, 3);
        _item = _items.GetOrAdd("é \"1\""u8);
    }

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void Recommendation_is_valid_for_users_and_guests_with_and_without_model()
    {
        var list = new CandidateSet();
        list.Add(_item).Score = float.NaN;
        list.Add(_items.GetOrAdd("i2"u8)).Because = _item;
        AssertValid("recommendations", _writer.Recommendation(new UserState(UserKey.User("u1")), list, "home", null, null, 17, 1_767_225_600_051, 1_767_225_600_100));
        list.Degraded = "model_missing";
        AssertValid("recommendations", _writer.Recommendation(new UserState(UserKey.Guest("g1")), list, "home", "m", "0123456789ab", 17, 1_767_225_600_051, 1_767_225_600_100));
    }

    [Fact]
    public void Churn_alert_is_valid()
    {
        var user = new UserState(UserKey.User("u1")) { EpisodePosition = 5 };
        user.Purchases.Occasions = 1;
        user.Purchases.LastMs = user.Purchases.FirstMs = 1_767_225_600_051;
        AssertValid("churn-alerts", _writer.ChurnAlert(user, new ChurnModel(new ChurnOptions()), 0.7, 0.2, false, 1_777_225_600_051, 1_777_225_600_100));
    }

    [Fact]
    public void Closed_session_is_valid_and_names_no_user()
    {
        var user = new UserState(UserKey.User("somebody"));
        user.Session.Actions = [new RingEntry { Item = _item, Type = EventType.AddToCart, AtMs = 1_767_225_600_051 }];
        user.Session.ActionCount = user.Session.EventCount = 1;
        var json = _writer.ClosedSession(user).ToArray();
        AssertValid("sessions", json);
        Assert.DoesNotContain("somebody", System.Text.Encoding.UTF8.GetString(json));
    }

    [Fact]
    public void Erasure_of_sessions_is_valid_and_names_no_user()
    {
        var json = _writer.SessionsErased(UserKey.User("somebody"), 17, 1_767_225_600_051).ToArray();
        AssertValid("sessions", json);
        Assert.DoesNotContain("somebody", System.Text.Encoding.UTF8.GetString(json));
    }

    [Fact]
    public void Link_deltas_are_valid()
    {
        var guest = new UserState(UserKey.Guest("g1")) { LinkedTo = UserKey.User("u1"), LinkGeneration = 1, RingCount = 1, Ring = [new RingEntry { Item = _item, Type = EventType.Rating, RatingE1 = 45, AtMs = 1_767_225_600_051 }] };
        guest.Counts[(int)EventType.Rating] = 1;
        AssertValid("links", _writer.Link(guest, 17));
        var e = new DecodedEvent { Offset = 17, Type = EventType.Purchase, OccurredAtMs = 1_767_225_600_051, Quantity = 2, UnitPriceE4 = 25_500, Currency = 4670032 };
        AssertValid("links", _writer.LinkEvent(guest, in e, _item));
    }

    [Fact]
    public void Erase_record_for_a_guest_is_valid_and_decodes()
    {
        var json = _writer.GuestErase(UserKey.Guest("gäst"), UserKey.User("u1"), 17, 1_767_225_600_051).ToArray();
        AssertValid("events", json);
        var (e, batch) = Decode.DecodeFixture.One(System.Text.Encoding.UTF8.GetString(json), key: "gäst");
        Assert.Equal((DeadLetterReason.None, EventType.Erase), (e.Reason, e.Type));
        Assert.Equal("a:gäst", Decode.DecodeFixture.Text(batch, e.User));
    }

    private static void AssertValid(string topic, ReadOnlySpan<byte> json) => Assert.Null(SchemaValidator.Validate(ContractSchemas.Read(topic), json.ToArray()));
}
