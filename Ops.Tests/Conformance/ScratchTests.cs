using Ops.Cli.Conformance;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Model;

namespace Ops.Tests.Conformance;

[TestClass]
public sealed class ScratchTests
{
    [TestMethod]
    public void Report()
    {
        var models = new SpecModels(RepositoryPaths.Specs);
        using var file = new StreamWriter("/tmp/c_rules.txt");
        foreach (var group in OpRegistry.All.GroupBy(d => (d.Schema.Domain, d.Schema.Name)))
        {
            OpDefinition definition = group.Last();
            if (Environment.GetEnvironmentVariable("SCRATCH") is { } f && !System.Text.RegularExpressions.Regex.IsMatch(definition.Schema.Name, f)) continue;
            OpModel model = models.Find(definition.Schema)!;
            var random = new Random(1);
            var generator = new CaseGenerator(model, random);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            int made = 0, good = 0, ok = 0, ran = 0; string bad = "", why = "";
            for (int i = 0; i < 300; i++)
            {
                if (generator.Make() is not { } c) continue;
                made++;
                string[] failing = [.. CaseRules.Failing(c)];
                if (failing.Length > 0) { why = string.Join(",", failing); continue; }
                good++;
                string? said = RuleReport.Refusal(definition, c);
                if (said is null) ok++; else bad = said + " " + c;
                if (said is null && definition.Run is { } run)
                { File.WriteAllText("/tmp/c_last.txt", definition.Schema + " " + c); try { run(c.ToCall()); ran++; } catch (OpException e) { bad = "RUN " + e.Message; } }
            }
            file.WriteLine($"{definition.Schema}: made {made} good {good} ok {ok} ran {ran} {watch.ElapsedMilliseconds}ms   {why} | {bad}");
            watch.Restart();
            foreach (RuleResult r in RuleReport.Of(model, definition))
                if (r.Outcome != RuleOutcome.Refused) file.WriteLine($"    {r.Rule}: {r.Outcome} {r.Detail}");
            if (watch.ElapsedMilliseconds > 300) file.WriteLine($"    rules took {watch.ElapsedMilliseconds}ms");
            file.Flush();
        }
    }
}
