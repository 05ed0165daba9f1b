using System.Text;
using Streaming.Faults.Workload;

namespace Streaming.Integration.Tests.Faults;

/// <summary>What counts as wrong with the models that lists name.</summary>
public sealed class ListModelsTests
{
    private readonly ListModels _lists = new(["first", "second"]);

    [Fact]
    public void Lists_of_both_models_and_those_that_say_why_none_scored_them_are_right()
    {
        Add("\"modelVersion\":\"first\"", "\"modelVersion\":\"second\"", "\"modelVersion\":\"second\"", "\"degraded\":\"deadline\"");
        Assert.Empty(_lists.Faults);
        Assert.Equal((1, 2, 1), (_lists.Lists["first"], _lists.Lists["second"], _lists.Unscored));
    }

    [Theory]
    [InlineData("\"modelVersion\":\"third\"", "1 lists name the model third, which was never there")]
    [InlineData("\"modelVersion\":\"\"", "1 lists name the model , which was never there")]
    [InlineData("\"degraded\":\"no_model\"", "1 lists name no model where one was there all the while")]
    [InlineData("\"surface\":\"home\"", "1 lists name no model where one was there all the while")]
    public void List_of_no_model_or_another_is_wrong(string members, string fault)
    {
        Add("\"modelVersion\":\"first\"", "\"modelVersion\":\"second\"", members);
        Assert.Equal([fault], _lists.Faults);
    }

    [Fact]
    public void Model_that_scored_nothing_was_not_tested()
    {
        Add("\"modelVersion\":\"first\"");
        Assert.Equal(["no list names the model second"], _lists.Faults);
    }

    private void Add(params string[] members)
    {
        foreach (var text in members)
        {
            var surface = text.StartsWith("\"surface\"", StringComparison.Ordinal) ? "" : "\"surface\":\"home\",";
            _lists.Add(Encoding.UTF8.GetBytes($$"""{"recommendationId":"r-0-1-home",{{surface}}"items":[],"sourcePartition":0,"sourceOffset":1,"occurredAt":1,"emittedAt":1,{{text}}}"""));
        }
    }
}
