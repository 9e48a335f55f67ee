using Ops.Specs.Diagnostics;
using Ops.Specs.Text;

namespace Ops.Specs.Syntax;

/// <summary>Parses the key of a port: <c>X</c> or the family <c>inputs[i &lt; n]</c>.</summary>
internal sealed class PortNameParser(MappedText text, DiagnosticBag bag) : TokenReader(text, bag, SpecRules.InvalidName, blocking: true)
{
    internal (NameSyntax Name, FamilySyntax? Family)? Parse()
    {
        NameSyntax name = Name("the name of a port");
        FamilySyntax? family = null;
        if (TryTake("["))
        {
            NameSyntax binder = Name("the index of the family");
            Expect("<", "between the index and the count of a family");
            NameSyntax count = Name("the count of the family");
            Expect("]");
            family = new FamilySyntax(binder, count);
        }
        if (!AtEnd)
            Fail("a port's name is a name, or 'name[i < n]' for a family");
        return Failed ? null : (name, family);
    }

    private NameSyntax Name(string role)
    {
        Token name = ExpectName(role);
        return new NameSyntax(Span(name), name.Text);
    }
}
