using System.Text.Json;
using Streaming.Host.Demo.Shop;
using Streaming.Host.Demo.Storefront;
using Xunit;

namespace Streaming.Host.Tests.Demo.Storefront;

public sealed class ShopEventRulesTests
{
    private const string Item = "coffee-pourover_kettle-steel";
    private static readonly Catalogue Products = new(1);

    [Theory]
    [InlineData("""{"visitor":"visitor-1","type":"view","itemId":"ITEM"}""")]
    [InlineData("""{"visitor":"visitor-1","type":"click","itemId":"ITEM","recommendationId":"r-2-40-home","position":3}""")]
    [InlineData("""{"visitor":"visitor-1","user":"anna","type":"add_to_cart","itemId":"ITEM","quantity":2}""")]
    [InlineData("""{"visitor":"visitor-1","type":"remove_from_cart","itemId":"ITEM"}""")]
    [InlineData("""{"visitor":"visitor-1","type":"purchase","itemId":"ITEM","quantity":99}""")]
    [InlineData("""{"visitor":"visitor-1","type":"not_interested","itemId":"ITEM"}""")]
    [InlineData("""{"visitor":"visitor-1","type":"search","query":"手冲壶 \" kettle","results":["ITEM"]}""")]
    [InlineData("""{"visitor":"visitor-1","user":"a.b@c-d_1","type":"identify"}""")]
    [InlineData("""{"visitor":"visitor-1","type":"consent","consent":{"personalise":false}}""")]
    public void What_the_page_sends_is_taken(string body) => Assert.Null(ErrorOf(body));

    [Theory]
    [InlineData("""{"visitor":"visitor-1","type":"view","itemId":"nothing-like-that"}""", "itemId")]
    [InlineData("""{"visitor":"visitor-1","type":"view"}""", "itemId")]
    [InlineData("""{"visitor":"visitor-1","type":"teleport","itemId":"ITEM"}""", "type must be")]
    [InlineData("""{"visitor":"visitor-1","type":"unknown","itemId":"ITEM"}""", "type must be")]
    [InlineData("""{"visitor":"visitor-1","type":"erase"}""", "type must be")]
    [InlineData("""{"visitor":"visitor-1","type":"impression","itemId":"ITEM"}""", "type must be")]
    [InlineData("""{"visitor":"visitor-1","type":"purchase","itemId":"ITEM","quantity":0}""", "quantity")]
    [InlineData("""{"visitor":"visitor-1","type":"purchase","itemId":"ITEM","quantity":100}""", "quantity")]
    [InlineData("""{"visitor":"visitor-1","type":"view","itemId":"ITEM","quantity":1}""", "quantity")]
    [InlineData("""{"visitor":"visitor-1","type":"click","itemId":"ITEM","position":1}""", "go together")]
    [InlineData("""{"visitor":"visitor-1","type":"click","itemId":"ITEM","recommendationId":"r-1","position":0}""", "position")]
    [InlineData("""{"visitor":"visitor-1","type":"click","itemId":"ITEM","recommendationId":"a b","position":1}""", "recommendationId")]
    [InlineData("""{"visitor":"visitor-1","type":"search"}""", "query")]
    [InlineData("""{"visitor":"visitor-1","type":"search","query":"  "}""", "query")]
    [InlineData("""{"visitor":"visitor-1","type":"search","query":"a\u0000b"}""", "query")]
    [InlineData("""{"visitor":"visitor-1","type":"search","query":"kettle","results":["nothing-like-that"]}""", "results")]
    [InlineData("""{"visitor":"visitor-1","type":"search","query":"kettle","itemId":"ITEM"}""", "events of items")]
    [InlineData("""{"visitor":"visitor-1","type":"view","itemId":"ITEM","query":"kettle"}""", "search")]
    [InlineData("""{"visitor":"visitor-1","type":"identify"}""", "identify")]
    [InlineData("""{"visitor":"visitor-1","type":"consent"}""", "consent")]
    [InlineData("""{"visitor":"visitor-1","type":"consent","consent":{}}""", "consent")]
    [InlineData("""{"visitor":"visitor-1","type":"view","itemId":"ITEM","consent":{"market":true}}""", "consent")]
    public void Anything_else_is_refused_and_the_answer_says_why(string body, string why) => Assert.Contains(why, ErrorOf(body), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("visitor 1")]
    [InlineData("visitor-1\n")]
    [InlineData("visitor-1\u200b")]
    [InlineData("../../etc/passwd")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("ｖｉｓｉｔｏｒ-1")]
    [InlineData("visitor-0123456789012345678901234567890123456789012345678901234567890")]
    public void Hostile_ids_are_no_visitors(string id)
    {
        Assert.False(ShopEventRules.IsGuestId(id));
        Assert.Contains("visitor must be", ShopEventRules.Error(new ShopEventRequest(id, "view", ItemId: Item), Products), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" anna")]
    [InlineData("-anna")]
    [InlineData("an/na")]
    [InlineData("anna\n")]
    [InlineData("ännchen")]
    public void Hostile_ids_are_no_users(string id)
    {
        Assert.False(ShopEventRules.IsUserId(id));
        Assert.Contains("user must be", ShopEventRules.Error(new ShopEventRequest("visitor-1", "identify", id), Products), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_is_refused() =>
        Assert.Contains("query", ShopEventRules.Error(new ShopEventRequest("visitor-1", "search", Query: "a\ud800"), Products), StringComparison.Ordinal);

    [Fact]
    public void Every_product_and_category_has_a_chinese_name()
    {
        Assert.All(Products.Products, p => Assert.Matches(@"^[A-Za-zø& ]+ .*[\u4e00-\u9fff].*（.+）$", ChineseNames.Title(p)));
        Assert.Equal(Products.Categories.Count, Products.Categories.Select(ChineseNames.Category).Distinct().Count());
    }

    private static string? ErrorOf(string body) =>
        ShopEventRules.Error(JsonSerializer.Deserialize(body.Replace("ITEM", Item, StringComparison.Ordinal), ShopJson.Strict.ShopEventRequest)!, Products);
}
