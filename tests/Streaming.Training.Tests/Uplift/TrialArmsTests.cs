using Streaming.Training.Uplift;

namespace Streaming.Training.Tests.Uplift;

public sealed class TrialArmsTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => System.IO.File.Delete(_path);

    [Theory]
    [InlineData("Womens E-Mail", null, "treatment", "Womens E-Mail", "No E-Mail")]
    [InlineData("womens", null, "treatment", "Womens E-Mail", "No E-Mail")] // the arm, not the column of that name
    [InlineData("Mens E-Mail", "Womens", "treatment", "Mens E-Mail", "Womens E-Mail")]
    [InlineData("treatment", "No E-Mail", "treatment", "Womens E-Mail+Mens E-Mail", "No E-Mail")]
    [InlineData("flag", null, "flag", "1", "0")]
    [InlineData("flag", "1", "flag", "0", "1")]
    [InlineData("flag=1", null, "flag", "1", "0")]
    [InlineData("womens=1", null, "womens", "1", "0")]
    [InlineData("gold", null, "card", "gold", "blue")]
    public void Resolve_finds_column_and_arms(string treatment, string? control, string column, string treated, string untreated)
    {
        var arms = TrialArms.Resolve(Sample(), treatment, control);
        Assert.Equal((column, treated, untreated), (arms.Column, string.Join('+', arms.Treated), string.Join('+', arms.Control)));
    }

    [Theory]
    [InlineData("nothing", null, "neither")]
    [InlineData("1", null, "write COLUMN=1")] // in several columns
    [InlineData("treatment", null, "several arms")]
    [InlineData("card=red", null, "no arm red")]
    [InlineData("card", null, "--control is needed")]
    [InlineData("Womens E-Mail", "Womens E-Mail", "no other arm")]
    public void Resolve_what_cannot_be_told_is_refused_with_what_there_is(string treatment, string? control, string expected) =>
        Assert.Contains(expected, Assert.Throws<UnknownNameException>(() => TrialArms.Resolve(Sample(), treatment, control)).Message, StringComparison.Ordinal);

    private TrialFile Sample()
    {
        System.IO.File.WriteAllText(_path, "womens,flag,card,treatment\n1,1,gold,Womens E-Mail\n0,0,blue,No E-Mail\n1,0,gold,Mens E-Mail\n");
        return TrialFile.Read(_path);
    }
}
