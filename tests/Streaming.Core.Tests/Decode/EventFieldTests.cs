using Streaming.Contracts;
using Streaming.Core.Decode;
using Streaming.Core.Events;
using Streaming.Core.Fold;
using Xunit;

namespace Streaming.Core.Tests.Decode;

public sealed class EventFieldTests
{
    [Fact]
    public void Common_record_gives_every_field()
    {
        var (e, batch) = DecodeFixture.One(DecodeFixture.Common);
        Assert.Equal(DeadLetterReason.None, e.Reason);
        Assert.Equal(EventType.View, e.Type);
        Assert.Equal(1_767_225_600_051, e.OccurredAtMs);
        Assert.False(e.Clamped);
        Assert.Equal("u:u4711", DecodeFixture.Text(batch, e.User));
        Assert.Equal(UserKey.User("u4711").Hash, e.UserHash);
        Assert.Equal("i42", DecodeFixture.Text(batch, e.Item));
        Assert.Equal("e17", DecodeFixture.Text(batch, e.EventId));
        Assert.Equal(Hash64.Of("e17"u8), e.EventIdHash);
        Assert.Equal("s99", DecodeFixture.Text(batch, e.SessionId));
        Assert.Equal(Hash64.Of("s99"u8), e.SessionHash);
        Assert.Equal(1, e.Quantity);
        Assert.Equal(-1, e.UnitPriceE4);
        Assert.Equal(1, e.SchemaVersion);
        Assert.Equal(0, e.Currency);
    }

    [Theory]
    [InlineData("view", "")]
    [InlineData("click", "")]
    [InlineData("impression", "\"surface\":\"home\",\"position\":3")]
    [InlineData("add_to_cart", "\"quantity\":2")]
    [InlineData("remove_from_cart", "")]
    [InlineData("wishlist", "")]
    [InlineData("purchase", "\"quantity\":2,\"unitPrice\":12.5,\"currency\":\"EUR\"")]
    [InlineData("refund", "\"quantity\":1,\"unitPrice\":12.5,\"currency\":\"EUR\"")]
    [InlineData("rating", "\"rating\":4")]
    [InlineData("review", "\"text\":\"good\"")]
    [InlineData("not_interested", "")]
    public void Item_type_needs_its_item(string type, string fields)
    {
        var value = DecodeFixture.View(fields).Replace("\"view\"", $"\"{type}\"");
        var (e, _) = DecodeFixture.One(value);
        Assert.Equal(DeadLetterReason.None, e.Reason);
        Assert.Equal(type, e.Type.WireName());
        Assert.Equal(DeadLetterReason.Impossible, DecodeFixture.ReasonOf(value.Replace("\"itemId\":\"i42\",", "")));
        Assert.Equal(DeadLetterReason.Impossible, DecodeFixture.ReasonOf(value.Replace("\"itemId\":\"i42\"", "\"itemId\":null")));
    }

    [Fact]
    public void Every_type_has_a_wire_name_that_decodes_to_it()
    {
        foreach (var type in Enum.GetValues<EventType>().Where(t => t != EventType.Unknown))
        {
            Assert.Equal(type, EventWords.Type(System.Text.Encoding.UTF8.GetBytes(type.WireName())));
        }
    }

    [Fact]
    public void Every_field_has_a_name_that_finds_it()
    {
        foreach (var field in Enum.GetValues<EventField>().Where(f => f != EventField.Unknown))
        {
            var name = System.Text.Encoding.UTF8.GetBytes(EventFields.Names[(int)field]);
            Assert.Equal(field, EventFields.Find(name));
            Assert.Equal(EventField.Unknown, EventFields.Find([.. name[..^1], (byte)'_']));
            Assert.True(EventFields.IsWrongCase(System.Text.Encoding.UTF8.GetBytes(EventFields.Names[(int)field].ToUpperInvariant())));
        }
    }

    [Theory]
    [InlineData("""{"type":"search","userId":"u4711","occurredAt":1767225600051,"query":"red \"shoe\"","results":["i1","i \u0022 2"]}""", "red \"shoe\"", """["i1","i \" 2"]""")]
    [InlineData("""{"type":"search","userId":"u4711","occurredAt":1767225600051,"query":"x"}""", "x", "")]
    [InlineData("""{"type":"search","userId":"u4711","occurredAt":1767225600051,"results":[ ]}""", "", "[]")]
    [InlineData("""{"type":"view","itemId":"i","userId":"u4711","occurredAt":1767225600051,"query":"x","results":["i1"]}""", "", "")]
    [InlineData("""{"type":"review","itemId":"i","userId":"u4711","occurredAt":1767225600051,"text":"très\nbon"}""", "très\nbon", "")]
    public void Query_text_and_results_belong_to_their_type(string value, string text, string results)
    {
        var (e, batch) = DecodeFixture.One(value);
        Assert.Equal(DeadLetterReason.None, e.Reason);
        Assert.Equal(text, DecodeFixture.Text(batch, e.QueryOrText));
        Assert.Equal(results, DecodeFixture.Text(batch, e.Results));
    }

    [Theory]
    [InlineData("\"type\":\"search\"", DeadLetterReason.Impossible)]
    [InlineData("\"type\":\"search\",\"results\":[1]", DeadLetterReason.WrongType)]
    [InlineData("\"type\":\"search\",\"results\":[[\"i\"],\"j\"]", DeadLetterReason.WrongType)]
    [InlineData("\"type\":\"search\",\"results\":[\"\"]", DeadLetterReason.InvalidId)]
    [InlineData("\"type\":\"search\",\"results\":\"i1\"", DeadLetterReason.WrongType)]
    [InlineData("\"type\":\"search\",\"query\":\"a\\u0000\"", DeadLetterReason.InvalidText)]
    [InlineData("\"type\":\"search\",\"query\":[\"a\"]", DeadLetterReason.WrongType)]
    [InlineData("\"type\":\"search\",\"query\":{\"query\":\"a\"}", DeadLetterReason.WrongType)]
    [InlineData("\"type\":\"review\",\"itemId\":\"i\"", DeadLetterReason.Impossible)]
    [InlineData("\"type\":\"rating\",\"itemId\":\"i\"", DeadLetterReason.Impossible)]
    [InlineData("\"type\":\"message\"", DeadLetterReason.Impossible)]
    [InlineData("\"type\":\"message\",\"state\":\"eaten\"", DeadLetterReason.UnknownType)]
    [InlineData("\"type\":\"message\",\"state\":\"sent\",\"alertId\":\"a\",\"offerId\":\"o\"", DeadLetterReason.Impossible)]
    [InlineData("\"type\":\"consent\"", DeadLetterReason.Impossible)]
    [InlineData("\"type\":\"consent\",\"consent\":{}", DeadLetterReason.Impossible)]
    [InlineData("\"type\":\"consent\",\"consent\":{\"sell\":true}", DeadLetterReason.Impossible)]
    [InlineData("\"type\":\"consent\",\"consent\":true", DeadLetterReason.WrongType)]
    [InlineData("\"type\":\"consent\",\"consent\":{\"market\":1}", DeadLetterReason.WrongType)]
    [InlineData("\"type\":\"consent\",\"consent\":{\"personalise\":true,\"Market\":false}", DeadLetterReason.WrongCase)]
    [InlineData("\"type\":\"consent\",\"consent\":{\"market\":true,\"market\":false}", DeadLetterReason.DuplicateField)]
    [InlineData("\"type\":\"identify\"", DeadLetterReason.MissingUser)]
    [InlineData("\"type\":5", DeadLetterReason.WrongType)]
    public void Type_without_what_it_needs_is_dead(string fields, DeadLetterReason reason) =>
        Assert.Equal(reason, DecodeFixture.ReasonOf($$"""{{{fields}},"userId":"u4711","occurredAt":1767225600051}"""));

    [Theory]
    [InlineData("{\"personalise\":true}", ConsentFlags.Personalise, ConsentFlags.Personalise)]
    [InlineData("{\"market\":false,\"measure\":true}", ConsentFlags.Market | ConsentFlags.Measure, ConsentFlags.Measure)]
    [InlineData("{\"personalise\":false,\"market\":false,\"measure\":false,\"x\":{\"y\":[]}}", ConsentFlags.All, ConsentFlags.None)]
    [InlineData("{\"personalise\":true,\"market\":null}", ConsentFlags.Personalise, ConsentFlags.Personalise)]
    public void Consent_speaks_of_the_purposes_it_names(string consent, ConsentFlags mask, ConsentFlags value)
    {
        var (e, _) = DecodeFixture.One($$"""{"type":"consent","userId":"u4711","occurredAt":1767225600051,"consent":{{consent}}}""");
        Assert.Equal((DeadLetterReason.None, mask, value), (e.Reason, e.ConsentMask, e.ConsentValue));
    }

    [Theory]
    [InlineData("sent", MessageState.Sent)]
    [InlineData("delivered", MessageState.Delivered)]
    [InlineData("opened", MessageState.Opened)]
    [InlineData("clicked", MessageState.Clicked)]
    [InlineData("bounced", MessageState.Bounced)]
    [InlineData("unsubscribed", MessageState.Unsubscribed)]
    public void Message_carries_state_and_subject(string state, MessageState expected)
    {
        foreach (var subject in (string[])["alertId", "offerId"])
        {
            var (e, batch) = DecodeFixture.One($$"""{"type":"message","state":"{{state}}","{{subject}}":"s1","userId":"u4711","occurredAt":1767225600051}""");
            Assert.Equal((DeadLetterReason.None, expected), (e.Reason, e.Message));
            Assert.Equal("s1", DecodeFixture.Text(batch, e.MessageSubject));
        }
    }

    [Fact]
    public void Identify_belongs_to_the_guest_and_names_the_user()
    {
        const string Value = """{"type":"identify","userId":"u4711","anonymousId":"g1","occurredAt":1767225600051}""";
        var (e, batch) = DecodeFixture.One(Value, key: "g1");
        Assert.Equal(DeadLetterReason.None, e.Reason);
        Assert.Equal("a:g1", DecodeFixture.Text(batch, e.User));
        Assert.Equal(UserKey.Guest("g1").Hash, e.UserHash);
        Assert.Equal("u:u4711", DecodeFixture.Text(batch, e.LinkedUser));
        Assert.Equal(DeadLetterReason.KeyMismatch, DecodeFixture.ReasonOf(Value));
    }

    [Fact]
    public void Event_with_both_ids_belongs_to_the_user_and_guest_events_to_the_guest()
    {
        var both = DecodeFixture.One(DecodeFixture.View("\"anonymousId\":\"g1\""));
        Assert.Equal("u:u4711", DecodeFixture.Text(both.Batch, both.Event.User));
        var guest = DecodeFixture.One(DecodeFixture.View("").Replace("userId", "anonymousId"));
        Assert.Equal("a:u4711", DecodeFixture.Text(guest.Batch, guest.Event.User));
        Assert.Equal(DeadLetterReason.KeyMismatch, DecodeFixture.One(DecodeFixture.View("\"anonymousId\":\"g1\""), key: "g1").Event.Reason);
    }

    [Fact]
    public void Erase_needs_nothing_but_its_user()
    {
        var (e, _) = DecodeFixture.One("""{"type":"erase","userId":"u4711","occurredAt":"2026-01-01T00:00:00.051Z"}""");
        Assert.Equal((DeadLetterReason.None, EventType.Erase, 1_767_225_600_051), (e.Reason, e.Type, e.OccurredAtMs));
        Assert.Equal(DeadLetterReason.MissingUser, DecodeFixture.ReasonOf("""{"type":"erase","occurredAt":"2026-01-01T00:00:00Z"}"""));
    }

    [Fact]
    public void Exposure_fields_are_kept()
    {
        var (e, batch) = DecodeFixture.One(DecodeFixture.View("\"surface\":\"home\",\"device\":\"phone\",\"recommendationId\":\"r1\",\"position\":7,\"schemaVersion\":1"));
        Assert.Equal(("home", "phone", "r1", 7), (DecodeFixture.Text(batch, e.Surface), DecodeFixture.Text(batch, e.Device), DecodeFixture.Text(batch, e.RecommendationId), e.Position));
        Assert.Equal(DeadLetterReason.NumberOutOfRange, DecodeFixture.ReasonOf(DecodeFixture.View("\"position\":0")));
    }

    [Fact]
    public void Newer_version_outweighs_what_is_wrong_with_the_fields()
    {
        Assert.Equal(DeadLetterReason.UnknownVersion, DecodeFixture.ReasonOf(DecodeFixture.View("\"quantity\":\"three\",\"schemaVersion\":2")));
        Assert.Equal(DeadLetterReason.NumberOutOfRange, DecodeFixture.ReasonOf(DecodeFixture.View("\"schemaVersion\":0")));
    }
}
