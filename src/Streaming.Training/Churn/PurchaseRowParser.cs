using System.Globalization;

namespace Streaming.Training.Churn;

/// <summary>Parses rows of the forms that hold a purchase a line.</summary>
internal sealed class PurchaseRowParser(PurchaseFormat format)
{
    private const int Missing = -1;
    private static readonly string[] DateForms = ["yyyyMMdd", "yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssZ", "yyyy/MM/dd", "M/d/yyyy"];

    // Columns of customer, date, units and money.
    private readonly int[] _places = format == PurchaseFormat.CdnowSample ? [0, 2, 3, 4] : [Missing, Missing, Missing, Missing];

    /// <summary>Takes the first line; false where the form has no header and the line is a row.</summary>
    /// <exception cref="InvalidDataException">A column is missing.</exception>
    public bool ReadHeader(string line)
    {
        if (format == PurchaseFormat.CdnowSample) return false;
        var names = Fields(line.TrimStart('\uFEFF'));
        string[] wanted = format == PurchaseFormat.Cdnow ? ["customer_id", "date", "number_of_cds", "dollar_value"] : ["cust", "date"];
        for (var c = 0; c < wanted.Length; c++)
        {
            _places[c] = Array.FindIndex(names, n => string.Equals(n, wanted[c], StringComparison.OrdinalIgnoreCase));
            if (_places[c] == Missing) throw new InvalidDataException($"the header has no column {wanted[c]}");
        }

        return true;
    }

    /// <summary>Parses one row.</summary>
    /// <param name="line">The row.</param>
    /// <param name="row">Set where it could be parsed.</param>
    /// <param name="reason">Why it could not.</param>
    public bool TryParse(string line, out PurchaseRow row, out string reason)
    {
        row = default;
        var fields = Fields(line);
        if (fields.Length <= _places.Max())
        {
            reason = $"only {fields.Length} columns";
            return false;
        }

        var customer = fields[_places[0]];
        if (customer.Length == 0)
        {
            reason = "no customer";
            return false;
        }

        if (!DateTime.TryParseExact(fields[_places[1]], DateForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
        {
            reason = $"'{fields[_places[1]]}' is not a date of a known form";
            return false;
        }

        if (!TryNumber(fields, _places[2], 1, out var units) || !TryNumber(fields, _places[3], 0, out var spend))
        {
            reason = "a number cannot be read";
            return false;
        }

        reason = "";
        row = new PurchaseRow(customer, (int)(at - DateTime.UnixEpoch).TotalDays, units, spend);
        return true;
    }

    private static bool TryNumber(string[] fields, int place, double otherwise, out double value)
    {
        value = otherwise;
        return place == Missing || (double.TryParse(fields[place], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value));
    }

    private string[] Fields(string line) => format == PurchaseFormat.CdnowSample
        ? line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        : [.. line.Split(',').Select(f => f.Trim().Trim('"'))];
}
