using System.Text.Json;
using Ops.Cli.Commands;
using Ops.Cli.Conformance;
using Ops.OnnxRuntime;
using Ops.Schemas;

namespace Ops.Tests.Conformance;

/// <summary>The maturity ladder.</summary>
[TestClass]
public class StatusTests
{
    private static readonly SpecModels Models = new(RepositoryPaths.Specs);

    [TestMethod]
    [DataRow("Softmax", 13)]
    [DataRow("Gelu", 20)]
    [DataRow("Relu", 14)]
    public void Ops_with_all_evidence_stand_at_the_top(string name, int since)
    {
        Maturity maturity = new MaturityLadder(Models).Of(OpRegistry.Get("ai.onnx", name, since));
        Assert.AreEqual(OrtLibrary.IsAvailable ? 4 : 3, maturity.Level, maturity.Missing);
        Assert.AreEqual(maturity.Level == 4, maturity.Missing.Length == 0);
    }

    [TestMethod]
    public void A_kernel_that_is_wrong_stays_below_the_second_rung()
    {
        OpDefinition softmax = OpRegistry.Get("ai.onnx", "Softmax", 13);
        OpDefinition wrong = softmax with
        {
            Run = call =>
            {
                softmax.Run!(call);
                if (call.Outputs[0] is { Length: > 0 } output)
                    output.Bytes[^1] ^= 0x40;
            },
        };
        Maturity maturity = new MaturityLadder(Models).Of(wrong);
        Assert.AreEqual(1, maturity.Level);
        StringAssert.Contains(maturity.Missing, "elements differ");
    }

    [TestMethod]
    public void A_kernel_that_accepts_what_a_rule_forbids_stays_below_the_third_rung()
    {
        OpDefinition heads = OpRegistry.Get("ai.onnx", "Attention", 23);
        OpDefinition lax = heads with { Infer = call => [call.Input(0), null, null, null] };
        Maturity maturity = new MaturityLadder(Models).Of(lax);
        Assert.AreEqual(2, maturity.Level);
        StringAssert.Contains(maturity.Missing, "is not refused");
    }

    [TestMethod]
    public void Without_a_spec_nothing_is_known()
    {
        OpDefinition softmax = OpRegistry.Get("ai.onnx", "Softmax", 13);
        Assert.AreEqual(0, new MaturityLadder(Models).Of(softmax with { Schema = softmax.Schema with { Name = "Unheard" } }).Level);
    }

    [TestMethod]
    public async Task The_command_prints_a_table_or_json()
    {
        var table = new StringWriter();
        Assert.AreEqual(0, await OpspecCommand.Run(["status", "Softsign"], table, table));
        StringAssert.Contains(table.ToString(), "ai.onnx.Softsign-22");
        var json = new StringWriter();
        Assert.AreEqual(0, await OpspecCommand.Run(["status", "Softsign", "--json"], json, json));
        using JsonDocument document = JsonDocument.Parse(json.ToString());
        Assert.IsTrue(document.RootElement.EnumerateArray().All(row => row.GetProperty("level").GetInt32() is >= 0 and <= 4));
    }
}
